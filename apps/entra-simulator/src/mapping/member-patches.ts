import type { Random } from '../random.js';
import { dialectOf, patchBody, type Dialect, type DialectChoice } from './dialect.js';
import type { ScimObject } from './scim-object.js';

const MEMBERS_PER_REQUEST_MAX = 3;

/** Which ids have to join a group and which have to leave it. */
export interface MemberChanges {
  join: readonly string[];
  leave: readonly string[];
}

/** A change of members as many small PATCHes. No id is in two of them, so they may be sent in any order. */
export function memberPatches(changes: MemberChanges, choice: DialectChoice, random: Random): ScimObject[] {
  const bodies = [
    ...portions(changes.join, random).map((ids) => patchBody(joining(ids, dialectOf(choice, random), random))),
    ...portions(changes.leave, random).map((ids) => patchBody(leaving(ids, dialectOf(choice, random)))),
  ];
  return random.shuffled(bodies);
}

function joining(ids: readonly string[], dialect: Dialect, random: Random): ScimObject[] {
  if (dialect === 'flag') return [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }];
  const op = 'Add';
  const path = 'members';
  return random.chance(0.7)
    ? [{ op, path, value: ids.map(entry) }]
    : ids.map((id) => ({ op, path, value: [entry(id)] }));
}

/** Without the flag a list of values beside the path: it means these members, not the whole attribute. */
function leaving(ids: readonly string[], dialect: Dialect): ScimObject[] {
  return dialect === 'legacy'
    ? [{ op: 'Remove', path: 'members', value: ids.map(entry) }]
    : ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
}

const entry = (value: string) => ({ $ref: null, value });

function portions(ids: readonly string[], random: Random): string[][] {
  const rest = [...ids];
  const cut: string[][] = [];
  while (rest.length > 0) cut.push(rest.splice(0, 1 + random.below(MEMBERS_PER_REQUEST_MAX)));
  return cut;
}
