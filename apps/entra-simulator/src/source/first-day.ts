import { randomFrom } from '../random.js';
import { person } from './person.js';
import type { Sizes, Source, SourceGroup, SourceUser } from './source.js';

const TEAMS = ['Engineering', 'Research & Development', 'Sales (EMEA)', 'Café Committee', 'All Hands'] as const;

/** The source before anything has changed: everybody enabled, most with a manager, every group full. */
export function firstDay(seed: number, sizes: Sizes): Source {
  const people = Array.from({ length: sizes.users }, (_, index) =>
    person(seed, index + 1, randomFrom('user', seed, index)),
  );
  const users = people.map((user, index) => withManager(user, people[managerOf(seed, index)]));
  const groups = Array.from({ length: sizes.groups }, (_, index) => group(seed, index + 1, users, sizes.members));
  return { users: byObjectId(users), groups: byObjectId(groups), departed: [] };
}

/** The index of somebody hired earlier, so that nobody is their own manager; -1 for the people on top. */
function managerOf(seed: number, index: number): number {
  const random = randomFrom('manager', seed, index);
  return index > 0 && random.chance(0.7) ? random.below(index) : -1;
}

const withManager = (user: SourceUser, manager: SourceUser | undefined): SourceUser =>
  manager ? { ...user, managerId: manager.objectId, strayManager: undefined } : user;

function group(seed: number, number: number, users: readonly SourceUser[], members: number): SourceGroup {
  const random = randomFrom('group', seed, number);
  // Drawn before the members, so that the id does not depend on how many people there are.
  const objectId = random.guid();
  const title = `${random.pick(TEAMS)} ${seed}-${number}`;
  const memberIds = random
    .shuffled(users)
    .slice(0, members)
    .map(({ objectId }) => objectId);
  return { objectId, title, displayName: title, memberIds };
}

function byObjectId<Thing extends { objectId: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [thing.objectId, thing]));
}
