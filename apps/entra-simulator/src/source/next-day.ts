import { randomFrom, type Random } from '../random.js';
import { changedUser } from './changed-user.js';
import { fatesOf } from './fates.js';
import { newcomers } from './newcomers.js';
import { ids, share, type Sizes, type Source, type SourceGroup, type SourceUser } from './source.js';

/**
 * What happens in a company between two cycles: a tenth of the people change, some are disabled, leave the scope of the
 * application or come back into it, a thirtieth are deleted for good and some are hired, now and then somebody who was
 * deleted the day before; a tenth of the groups get another name and a third other members. At least one of each where
 * the directory is large enough.
 */
export function nextDay(source: Source, seed: number, sizes: Sizes, cycle: number): Source {
  const random = randomFrom('day', seed, cycle);
  const fate = fatesOf(source, sizes, random);
  const staying = [...source.users.values()].filter((user) => !fate.deleted.has(user.objectId));
  const hired = newcomers(source, seed, cycle);
  const colleagues = ids([...staying, ...hired]);
  const users = staying.map((user) => {
    const next = inhabited(user, fate.deleted);
    if (fate.disabled.has(user.objectId)) return { ...next, accountEnabled: false };
    if (fate.restored.has(user.objectId)) return { ...next, accountEnabled: true };
    if (fate.unassigned.has(user.objectId)) return { ...next, isInScope: false };
    if (fate.assigned.has(user.objectId)) return { ...next, isInScope: true };
    if (fate.changed.has(user.objectId)) return changedUser(next, colleagues, random);
    return next;
  });
  return {
    users: new Map([...users, ...hired].map((user) => [user.objectId, user])),
    groups: changedGroups(source, colleagues, fate.deleted, cycle, random),
    departed: [...source.users.values()].filter((user) => fate.deleted.has(user.objectId)),
  };
}

/** Entra drops every reference to an object that is gone. */
function inhabited(user: SourceUser, deleted: ReadonlySet<string>): SourceUser {
  return user.managerId !== undefined && deleted.has(user.managerId) ? { ...user, managerId: undefined } : user;
}

function changedGroups(
  source: Source,
  colleagues: readonly string[],
  deleted: ReadonlySet<string>,
  cycle: number,
  random: Random,
): ReadonlyMap<string, SourceGroup> {
  const order = ids(random.shuffled(source.groups.values()));
  const renamed = new Set(order.slice(0, share(order.length, 10)));
  const mixed = new Set(random.shuffled(order).slice(0, share(order.length, 3)));
  const groups = [...source.groups.values()].map((group) => {
    const staying = group.memberIds.filter((id) => !deleted.has(id));
    return {
      ...group,
      displayName: renamed.has(group.objectId) ? `${group.title}, since ${cycle}` : group.displayName,
      memberIds: mixed.has(group.objectId) ? otherMembers(staying, colleagues, random) : staying,
    };
  });
  return new Map(groups.map((group) => [group.objectId, group]));
}

function otherMembers(members: readonly string[], colleagues: readonly string[], random: Random): readonly string[] {
  const present = new Set(members);
  const outsiders = colleagues.filter((id) => !present.has(id));
  const moving = Math.ceil(members.length / 10);
  return [...random.shuffled(members).slice(moving), ...random.shuffled(outsiders).slice(0, moving)];
}
