import type { Random } from '../random.js';
import { ids, share, type Sizes, type Source } from './source.js';

/** What becomes of whom in a day, by object id. Nobody has two fates. */
export interface Fates {
  changed: ReadonlySet<string>;
  disabled: ReadonlySet<string>;
  restored: ReadonlySet<string>;
  unassigned: ReadonlySet<string>;
  assigned: ReadonlySet<string>;
  deleted: ReadonlySet<string>;
}

/** Draws who changes, is disabled, leaves the scope, is deleted, and half of those who may come back. */
export function fatesOf(source: Source, sizes: Sizes, random: Random): Fates {
  const size = source.users.size;
  const people = random.shuffled(source.users.values());
  const working = ids(people.filter(({ accountEnabled, isInScope }) => accountEnabled && isInScope));
  const disabled = ids(people.filter(({ accountEnabled, isInScope }) => !accountEnabled && isInScope));
  const outside = ids(people.filter(({ isInScope }) => !isInScope));
  const changed = working.splice(0, share(size, 10));
  const leavers = working.splice(0, share(size, 20));
  const unassigned = working.splice(0, share(size, 40));
  const restored = disabled.splice(0, Math.ceil(disabled.length / 2));
  const assigned = outside.splice(0, Math.ceil(outside.length / 2));
  // However many cycles are played, half of the people stay.
  const mayShrink = size > sizes.users / 2;
  const deleted = random.shuffled([...working, ...disabled]).slice(0, mayShrink ? share(size, 30) : 0);
  return {
    changed: new Set(changed),
    disabled: new Set(leavers),
    restored: new Set(restored),
    unassigned: new Set(unassigned),
    assigned: new Set(assigned),
    deleted: new Set(deleted),
  };
}
