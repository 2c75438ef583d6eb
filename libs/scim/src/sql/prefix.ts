import { KEY_LENGTH_MAX } from '../limits.js';

const LAST = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;
/** More than any text that has an index can hold, each of these being two UTF-16 units. */
const AFTER_ALL = String.fromCodePoint(LAST).repeat(KEY_LENGTH_MAX / 2 + 1);

/**
 * Gives the first text, in the order of code points, that comes after all texts with this prefix; for a prefix that has
 * nothing after it, one that comes after every text of an indexed attribute. Takes well-formed text.
 */
export function prefixEnd(prefix: string): string {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === LAST) continue;
    const next = last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return AFTER_ALL;
}
