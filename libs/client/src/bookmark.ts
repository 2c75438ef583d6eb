import { z } from 'zod';
import type { Progress } from './continuity.js';

const bookmark = z.object({
  roster: z.literal(1),
  directory: z.string().nullable(),
  position: z.number().int().nullable(),
  id: z.string().optional(),
  sequence: z.number().int().optional(),
});

/**
 * The text that Kafka keeps beside a committed offset (its `metadata`), so that the next process knows what must come
 * next. Written with the offset in one commit, it can never say something else than the offset does.
 */
export function writeBookmark(progress: Progress, directory?: string): string {
  return JSON.stringify({ roster: 1, directory: directory ?? null, ...progress });
}

/** Reads a bookmark; undefined when the text was written by somebody else or for another directory. */
export function readBookmark(text: string | null, directory?: string): Progress | undefined {
  const { success, data } = bookmark.safeParse(json(text));
  if (!success || data.directory !== (directory ?? null)) return undefined;
  return { position: data.position, id: data.id, sequence: data.sequence };
}

function json(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
