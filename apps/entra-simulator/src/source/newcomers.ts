import { randomFrom } from '../random.js';
import { person } from './person.js';
import { share, type Source, type SourceUser } from './source.js';

/** Numbers of the newcomers begin here, so that nobody has the name of somebody who was there on the first day. */
const FIRST_NUMBER = 1_000_000;
/** Smaller companies hire nobody. */
const HIRING_FROM = 10;
const NEWCOMERS_A_DAY_MAX = 1_000;

/** Who is hired in a day. The first may be somebody who was deleted the day before: another object, the same names. */
export function newcomers(source: Source, seed: number, cycle: number): SourceUser[] {
  const { size } = source.users;
  const count = size < HIRING_FROM ? 0 : Math.min(share(size, 40), NEWCOMERS_A_DAY_MAX);
  const hired = Array.from({ length: count }, (_, index) =>
    person(seed, FIRST_NUMBER + cycle * NEWCOMERS_A_DAY_MAX + index, randomFrom('newcomer', seed, cycle, index)),
  );
  const [first, ...others] = hired;
  const [again] = source.departed;
  if (!first || !again) return hired;
  const { userPrincipalName, mail, givenName, surname, displayName, employeeId } = again;
  return [{ ...first, userPrincipalName, mail, givenName, surname, displayName, employeeId }, ...others];
}
