import {
  applyPatch,
  type Attributes,
  changesBetween,
  checkLimits,
  filterToSql,
  GROUP_TABLE,
  matches,
  orderBulk,
  parseFilter,
  project,
  readBulk,
  readGroup,
  readGroupPatch,
  readUser,
  readUserPatch,
  referencesIn,
  ScimError,
  toResource,
  typesWith,
  USER_TABLE,
  withReferences,
} from '../index.js';
import { aBody, aBulk, aFilter, aPatch } from './mutate.contract.js';
import { Chance } from './random.contract.js';
import { OWN, USERS } from './seeds.contract.js';

/** A directory with attributes of its own has all that the others have. */
const { User: userType, Group: groupType } = typesWith(OWN);

const RUNS = Number(process.env.FUZZ_RUNS ?? 20_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
const SLOW_MS = 50;

/** Gives what the work gives, or undefined when it says no as a client may hear it; anything else is a failure. */
function orNo<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError && error.status >= 400 && error.status < 500) return undefined;
    throw error;
  }
}

const isWithinLimits = (body: unknown) =>
  orNo(() => {
    checkLimits(body);
    return true;
  }) ?? false;

/** Nothing may change what it is handed. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) frozen(each);
  }
  return value;
}

const stored = { id: 'x', version: 1, created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z' };
const ada = frozen(readUser(USERS[1], userType));
const resource = frozen(toResource(userType, { ...stored, attributes: ada, groups: [{ value: 'g' }] }, ''));

function tryFilter(text: string): void {
  const filter = orNo(() => parseFilter(text));
  project(userType, resource, { attributes: text, excludedAttributes: text });
  if (filter === undefined) return;
  for (const [type, table] of [
    [userType, USER_TABLE],
    [groupType, GROUP_TABLE],
  ] as const) {
    const test = orNo(() => matches(type, filter));
    const sql = orNo(() => filterToSql(type, filter, table, 1));
    if ((test === undefined) !== (sql === undefined)) throw new Error('predicate and SQL do not agree');
    if (sql !== undefined && !isParametrised(sql)) throw new Error(`a value is in the text of ${sql.text}`);
    test?.(resource);
  }
}

/** As many parameters as values, and quotes around nothing but names of the schema. */
function isParametrised({ text, values }: { text: string; values: unknown[] }): boolean {
  const highest = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const quoted = [...text.matchAll(/'([^']*)'/g)].map(([, name]) => name);
  return highest === values.length && quoted.every((name) => /^(?:[\w$:.]+|W\/"|"|\{\})$/.test(name ?? ''));
}

function tryBody(body: unknown): void {
  if (!isWithinLimits(body)) return;
  const user = orNo(() => readUser(frozen(body), userType));
  if (user !== undefined) {
    expectCanonical(user);
    toResource(userType, { ...stored, attributes: user }, '');
    changesBetween(userType, ada, user);
  }
  orNo(() => readGroup(body, groupType));
}

function tryPatch(body: unknown): void {
  if (!isWithinLimits(body)) return;
  const operations = orNo(() => readUserPatch(frozen(body), userType));
  const after = operations && orNo(() => applyPatch(userType, ada, operations));
  if (operations !== undefined && after !== undefined) {
    expectCanonical(after);
    changesBetween(userType, ada, after);
  }
  const group = orNo(() => readGroupPatch(body, groupType));
  if (group !== undefined) orNo(() => applyPatch(groupType, { displayName: 'G' }, group.operations));
}

/** What is kept reads back as itself: nothing unassigned, unknown or misspelt gets in. */
function expectCanonical(attributes: Attributes): void {
  if (changesBetween(userType, attributes, readUser(attributes, userType)).length > 0) throw new Error('not canonical');
}

function tryBulk(body: unknown): void {
  const bulk = orNo(() => readBulk(body));
  if (bulk === undefined) return;
  const wanted = bulk.operations.map((operation) => ('error' in operation ? [] : [...referencesIn(operation)]));
  orderBulk(wanted.map((bulkIds) => bulkIds.map(Number).filter((place) => bulk.operations[place] !== undefined)));
  for (const operation of bulk.operations) if (!('error' in operation)) withReferences(operation.data, () => 'id');
}

const KINDS: readonly (readonly [string, (chance: Chance) => unknown, (input: never) => void])[] = [
  ['filter', aFilter, tryFilter],
  ['body', aBody, tryBody],
  ['patch', aPatch, tryPatch],
  ['bulk', aBulk, tryBulk],
];

function timed(work: (input: never) => void, input: unknown): number {
  const from = performance.now();
  work(input as never);
  return performance.now() - from;
}

describe(`${RUNS} mutated inputs from seed ${SEED}`, () => {
  const prototype = Object.getOwnPropertyNames(Object.prototype).sort();

  it.each(KINDS)(
    'as %s: refused or read, in time, and nothing else',
    (kind, make, work) => {
      const chance = new Chance(SEED);
      const slowest = { ms: 0, input: '' };
      for (let run = 0; run < RUNS / KINDS.length; run++) {
        const input = make(chance);
        const text = JSON.stringify(input);
        let ms: number;
        try {
          ms = timed(work, input);
          // A pause of the machine is not the input's: what is slow is slow again.
          for (let again = 0; again < 5 && ms > SLOW_MS / 5; again++) ms = Math.min(ms, timed(work, JSON.parse(text)));
        } catch (cause) {
          throw new Error(`run ${run} of ${kind}, seed ${SEED}: ${text.slice(0, 2_000)}`, { cause });
        }
        if (ms > slowest.ms) Object.assign(slowest, { ms, input: text.slice(0, 200) });
      }
      if (process.env.FUZZ_RUNS !== undefined)
        process.stdout.write(
          `${kind}: ${RUNS / KINDS.length} inputs, slowest ${slowest.ms.toFixed(2)} ms: ${slowest.input}\n`,
        );
      expect(slowest.ms).toBeLessThan(SLOW_MS);
      expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototype);
    },
    3_600_000,
  );
});
