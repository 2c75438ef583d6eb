import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BODY_BYTES_MAX, BULK_BYTES_MAX, BULK_KEYS_MAX, checkLimits, ScimError } from '#libs/scim';

/** Beyond this nobody waits for the end of a body before saying that it is too long. */
const DISCARDED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Reads a body within its limits (design, 8). What is too long is read to its end, and thrown away: a client that is cut off
 * while it is still writing sees a broken connection, not the 413. Throws ScimError 413, or 400 invalidSyntax.
 */
export async function readBody(stream: IncomingMessage, isForBulk: boolean): Promise<unknown> {
  const text = await readText(stream, isForBulk ? BULK_BYTES_MAX : BODY_BYTES_MAX);
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (bare.trim() === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(bare);
  } catch (error) {
    throw new ScimError(400, 'invalidSyntax', `The body is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  checkLimits(body, isForBulk ? BULK_KEYS_MAX : undefined);
  return body;
}

/** A body as text, read to its end. Throws ScimError 413 when it is longer than this, 400 invalidSyntax when it is not UTF-8. */
export function readText(stream: IncomingMessage, bytesMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const refuse = () => reject(new ScimError(413, undefined, `The request is longer than ${sizeOf(bytesMax)}.`));
    stream.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= bytesMax) pieces.push(piece);
      else pieces.length = 0;
      if (bytes > DISCARDED_BYTES_MAX) refuse();
    });
    stream.on('end', () => {
      const whole = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
      if (bytes > bytesMax) refuse();
      // Read all the same, other letters would be stored than were sent (RFC 8259 §8.1).
      else if (!isUtf8(whole)) reject(new ScimError(400, 'invalidSyntax', 'The body is not UTF-8.'));
      else resolve(whole.toString());
    });
    stream.on('error', reject);
  });
}

const sizeOf = (bytes: number) => (bytes < 1024 * 1024 ? `${bytes / 1024} kB` : `${bytes / (1024 * 1024)} MiB`);
