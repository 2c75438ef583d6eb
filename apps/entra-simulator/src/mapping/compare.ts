import { readAt } from './attribute-path.js';
import { MANAGER_PATH, isScimObject, type ScimObject } from './scim-object.js';
import { isAsWanted, type Wanted, type WantedAttributes } from './wanted.js';

/** One attribute that is not what it should be. `wanted` is `undefined` where it has to be cleared. */
export interface Difference {
  path: string;
  found: unknown;
  wanted: Wanted;
}

/**
 * Attribute by attribute and verbatim: a phone number that came back tidied up is a difference, and would be
 * written again in every cycle. Attributes outside the mapping are nobody's business.
 */
export function differences(wanted: WantedAttributes, resource: ScimObject): Difference[] {
  return [...wanted]
    .map(([path, value]) => ({ path, wanted: value, found: present(readAt(resource, path)) }))
    .filter((difference) => !isAsWanted(difference.found, difference.wanted));
}

/** The id of the manager a resource names; a server may keep an empty value after the manager was cleared. */
export function managerIn(resource: ScimObject): string | undefined {
  const manager = readAt(resource, MANAGER_PATH);
  const value = isScimObject(manager) ? manager.value : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function memberIdsIn(resource: ScimObject): ReadonlySet<string> {
  const members: unknown[] = Array.isArray(resource.members) ? resource.members : [];
  return new Set(members.flatMap((member) => (isScimObject(member) ? [String(member.value)] : [])));
}

const present = (value: unknown) =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value;
