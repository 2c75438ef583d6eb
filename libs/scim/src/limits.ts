import { ScimError } from './error.js';

export const BODY_BYTES_MAX = 1024 * 1024;
export const BULK_BYTES_MAX = 8 * 1024 * 1024;
export const BULK_OPERATIONS_MAX = 1_000;
export const PATCH_OPERATIONS_MAX = 1_000;
export const PAGE_SIZE_DEFAULT = 100;
export const PAGE_SIZE_MAX = 1_000;
const NESTING_MAX = 20;
const KEYS_MAX = 10_000;
/** A bulk request is many bodies; each of them is checked by itself as well. */
export const BULK_KEYS_MAX = 500_000;
/** No person has more e-mail addresses or roles than this; a list without an end would make every PATCH slower. */
export const ELEMENTS_MAX = 1_000;
/** How many values one PATCH may compare: what a list of 1,000 costs 200 times. More would hold up everybody else. */
export const PATCH_WORK_MAX = 200_000;
/** Texts that have an index of their own must fit into a B-tree page: 800 UTF-16 units are at most 2,400 bytes. */
export const KEY_LENGTH_MAX = 800;

/**
 * Refuses a parsed body that is nested deeper than 20 levels or has more than 10,000 keys, or as many as the caller allows
 * (ScimError 400 invalidSyntax).
 * It keeps its own stack, so that the check itself cannot be made to overflow.
 */
export function checkLimits(value: unknown, keysMax = KEYS_MAX): void {
  const pending: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let keys = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > NESTING_MAX) {
      throw new ScimError(400, 'invalidSyntax', `The body is nested deeper than ${NESTING_MAX} levels.`);
    }
    const isList = Array.isArray(next.value);
    for (const child of Object.values(next.value)) {
      if (!isList && ++keys > keysMax) {
        throw new ScimError(400, 'invalidSyntax', `The body has more than ${keysMax} keys.`);
      }
      pending.push({ value: child, depth });
    }
  }
}
