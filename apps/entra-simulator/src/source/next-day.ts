import { randomFrom, type Random } from '../random.js';
import { changedUser } from './changed-user.js';
import type { Sizes, Source, SourceGroup, SourceUser } from './source.js';

/**
 * What happens in a company between two cycles: a tenth of the people change, a twentieth are disabled, half of
 * those disabled before come back, a thirtieth are deleted for good; a tenth of the groups get another name and a
 * third other members. At least one of each where the directory is large enough.
 */
export function nextDay(source: Source, seed: number, sizes: Sizes, cycle: number): Source {
  const random = randomFrom('day', seed, cycle);
  const fate = fates(source, sizes, random);
  const staying = [...source.users.values()].filter((user) => !fate.deleted.has(user.objectId));
  const colleagues = staying.map(({ objectId }) => objectId);
  const users = staying.map((user) => {
    const next = inhabited(user, fate.deleted);
    if (fate.disabled.has(user.objectId)) return { ...next, accountEnabled: false };
    if (fate.restored.has(user.objectId)) return { ...next, accountEnabled: true };
    if (fate.changed.has(user.objectId)) return changedUser(next, colleagues, random);
    return next;
  });
  return {
    users: new Map(users.map((user) => [user.objectId, user])),
    groups: changedGroups(source, colleagues, fate.deleted, cycle, random),
  };
}

interface Fates {
  changed: ReadonlySet<string>;
  disabled: ReadonlySet<string>;
  restored: ReadonlySet<string>;
  deleted: ReadonlySet<string>;
}

function fates(source: Source, sizes: Sizes, random: Random): Fates {
  const size = source.users.size;
  const people = random.shuffled(source.users.values());
  const enabled = ids(people.filter(({ accountEnabled }) => accountEnabled));
  const disabled = ids(people.filter(({ accountEnabled }) => !accountEnabled));
  const changed = enabled.splice(0, share(size, 10));
  const leavers = enabled.splice(0, share(size, 20));
  const restored = disabled.splice(0, Math.ceil(disabled.length / 2));
  // However many cycles are played, half of the people stay.
  const mayShrink = size > sizes.users / 2;
  const deleted = random.shuffled([...enabled, ...disabled]).slice(0, mayShrink ? share(size, 30) : 0);
  return {
    changed: new Set(changed),
    disabled: new Set(leavers),
    restored: new Set(restored),
    deleted: new Set(deleted),
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

const ids = (things: readonly { objectId: string }[]) => things.map(({ objectId }) => objectId);

const share = (size: number, part: number) => Math.ceil(size / part);
