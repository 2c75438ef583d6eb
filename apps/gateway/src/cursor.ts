import { createHash } from 'node:crypto';
import type { Place } from '#libs/contracts';
import { ScimError } from '#libs/scim';

/** What a cursor belongs to: it is no good for another directory, filter or order. */
export type Course = readonly unknown[];

/** Writes where the next page begins, in characters that need no escape in a query string (RFC 9865 §2). */
export function writeCursor({ key, id }: Place, course: Course): string {
  return Buffer.from(JSON.stringify([key, id, checkOf({ key, id }, course)])).toString('base64url');
}

/** Reads a cursor; '' is the first page. Throws ScimError 400 invalidCursor (RFC 9865 §2.2) for one that this query never got. */
export function readCursor(text: string, course: Course): Place | null {
  if (text === '') return null;
  const parts = partsOf(text);
  const [key, id, check] = parts;
  if (parts.length === 3 && (typeof key === 'string' || key === null) && typeof id === 'string') {
    if (check === checkOf({ key, id }, course)) return { key, id };
  }
  throw new ScimError(400, 'invalidCursor', 'This cursor does not belong to this query; begin again without one.');
}

function partsOf(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function checkOf(place: Place, course: Course): string {
  return createHash('sha256')
    .update(JSON.stringify([place.key, place.id, course]))
    .digest('base64url')
    .slice(0, 16);
}
