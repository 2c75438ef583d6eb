import { isDeepStrictEqual } from 'node:util';
import type { Source } from '../source/source.js';
import type { Cycle } from './cycle.js';
import { deleteUsers } from './users/deletions.js';
import { provisionGroups } from './groups/groups.js';
import { provisionManagers } from './users/managers.js';
import { testConnection } from './probe.js';
import { provisionUsers } from './users/users.js';
import { verifyGroups } from './groups/verify-groups.js';
import { verifyDeleted, verifyUsers } from './users/verify-users.js';

const NOBODY: Source = { users: new Map(), groups: new Map(), departed: [] };

/**
 * One cycle, in Entra's order: the probe, users, references, groups with their members, and what is gone last, when
 * nothing points to it any more. In an initial cycle (`before` is `undefined`) every object is looked at, later only
 * those that changed in the source or wait in escrow. Then everything written is read back. Gives how many came out of escrow.
 */
export async function playCycle(
  cycle: Cycle,
  before: Source | undefined,
  after: Source,
  freshGuid: () => string,
): Promise<number> {
  await testConnection(cycle, freshGuid);
  const again = cycle.target.escrow.due(cycle.number);
  const known = before ?? NOBODY;
  const users = changed(known.users, after.users, again);
  const groups = changed(known.groups, after.groups, again);
  const groupsKnown = new Map([...known.groups].filter(([objectId]) => !again.has(objectId)));

  await provisionManagers(cycle, users, await provisionUsers(cycle, users));
  await provisionGroups(cycle, groups, groupsKnown);
  const deleted = await deleteUsers(cycle, after.users, known.users);

  await verifyUsers(cycle, users);
  await verifyDeleted(cycle, deleted);
  await verifyGroups(cycle, [...after.groups.values()]);
  return again.size;
}

function changed<Thing extends { objectId: string }>(
  before: ReadonlyMap<string, Thing>,
  after: ReadonlyMap<string, Thing>,
  again: ReadonlySet<string>,
): Thing[] {
  return [...after.values()].filter(
    (thing) => again.has(thing.objectId) || !isDeepStrictEqual(before.get(thing.objectId), thing),
  );
}
