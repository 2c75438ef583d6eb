import { ScimError } from '../error.js';
import { isObject } from '../json.js';
import type { Target } from '../schema/target.js';
import { checkText } from './value.js';

/** True for the members of a group, which no extension's attribute of that name is. */
export const isMembers = ({ extension, name }: Target): boolean => extension === undefined && name === 'members';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id that a text means: the case of a UUID's letters says nothing, here as in addresses and filters. Any other text is as it came. */
export const memberId = (text: string): string => (UUID.test(text) ? text.toLowerCase() : text);

/**
 * Reads member ids from whatever form they come in: a text, an object, a list of either (Q29), with `$ref: null` and extra
 * keys (Q30). Each id comes once; an entry without a value is left out. Throws ScimError 400 invalidValue for other types.
 */
export function readMemberIds(raw: unknown): string[] {
  const items: unknown[] = Array.isArray(raw) ? raw : [raw];
  return [...new Set(items.flatMap(readMemberId))];
}

function readMemberId(raw: unknown): string[] {
  if (raw === null || raw === undefined || raw === '') return [];
  if (typeof raw === 'string') return [memberId(checkText('members.value', raw))];
  if (!isObject(raw)) throw new ScimError(400, 'invalidValue', 'members must be a list of objects with a value.');
  const [, value] = Object.entries(raw).find(([key]) => key.toLowerCase() === 'value') ?? [];
  if (value === null || value === undefined) return [];
  if (typeof value !== 'string') throw new ScimError(400, 'invalidValue', 'members.value must be a text.');
  return value === '' ? [] : [memberId(checkText('members.value', value))];
}
