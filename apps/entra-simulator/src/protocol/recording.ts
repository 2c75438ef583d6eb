import { openSync, closeSync, writeSync } from 'node:fs';
import type { HttpAnswer } from './http-door.js';

/** One request as it was sent and what came back; bodies are the text that travelled. */
export interface Exchange {
  /** In the order of sending, from 1. Requests overlap, so the lines of a recording are in the order of the answers. */
  number: number;
  /** Milliseconds since the run began, when it was sent, and how long the answer took. */
  sentAtMs: number;
  durationMs: number;
  request: { method: string; path: string; headers: Record<string, string>; body?: string };
  /** Nothing if no answer came; then `error` says why. */
  answer?: { status: number; headers: HttpAnswer['headers']; body: string };
  error?: string;
}

/** Told of every exchange. */
export interface Recording {
  note(exchange: Exchange): void;
  end(): void;
}

export const noRecording: Recording = { note: () => undefined, end: () => undefined };

/**
 * Writes one line of JSON for each exchange, at once, so that a run which is broken off leaves what it did. The
 * Authorization header is left out. Throws a `RecordingError` if the file cannot be written.
 */
export function recordingIn(file: string): Recording {
  const descriptor = opened(file);
  return {
    note: (exchange) => void writeSync(descriptor, `${JSON.stringify(withoutSecret(exchange))}\n`),
    end: () => closeSync(descriptor),
  };
}

/** The file for the recording cannot be written; the message says why. */
export class RecordingError extends Error {}

function opened(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new RecordingError(`Nothing can be recorded in ${file}: ${String(error)}`);
  }
}

function withoutSecret(exchange: Exchange): Exchange {
  const headers = Object.entries(exchange.request.headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return { ...exchange, request: { ...exchange.request, headers: Object.fromEntries(headers) } };
}
