import fc from 'fast-check';
import { type Embedded, startEmbedded } from './support/embedded.js';
import type { Wire } from './support/http.js';
import { anyCondition, holds, NUMBERS, OWN, TEXTS, written } from './support/reference/filter.js';
import { anyList, listed } from './support/reference/list.js';
import { anyStep, kept, type Person, told } from './support/reference/patch.js';
import { roster } from './support/program.js';
import type { Resource } from './support/scim.js';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
const FILTERS = Number(process.env.REFERENCE_RUNS ?? 600);

let system: Embedded;
let wire: Wire;

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  const own = [
    ['shoeSize', 'decimal'],
    ['badge', 'string', '--case-exact'],
    ['hired', 'dateTime'],
    ['skills', 'string', '--multi-valued'],
    ['marks', 'decimal', '--multi-valued'],
  ];
  for (const [name = '', type = '', ...more] of own) {
    const which = ['--directory', 'default', '--urn', OWN, '--attribute', name, '--type', type];
    await roster(system.environment, 'schema', 'add', ...which, ...more);
  }
});
afterAll(() => system.end());

/** Forty people who have much in common. */
async function crowd(): Promise<Resource[]> {
  const some = <Item>(at: number, items: readonly Item[]) => items[at % items.length];
  const people = Array.from({ length: 40 }, (_, at) => ({
    userName: `${some(at, TEXTS) ?? ''}${some(at, ['', '#'])}${at}`,
    displayName: some(at * 7, TEXTS),
    title: some(at * 5 + 1, TEXTS),
    externalId: some(at * 3, TEXTS),
    active: some(at, [true, false, 'False']),
    name: { familyName: some(at * 11 + 2, TEXTS) },
    emails: Array.from({ length: at % 4 }, (__, place) => ({
      value: some(at + place * 5, TEXTS),
      type: some(place, ['A', 'a', 'ab']),
      ...(place === 1 && { primary: true }),
    })),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: some(at * 13, TEXTS) },
    [OWN]: {
      shoeSize: some(at, [...NUMBERS, null]),
      badge: some(at * 3 + 1, TEXTS),
      hired: some(at, [
        null,
        '2024-05-01T12:00:00Z',
        '2024-05-01T12:00:00.0009+00:00',
        '2024-05-01T13:00+02:00',
        '2020-01-01',
      ]),
      skills: Array.from({ length: at % 3 }, (__, place) => some(at + place * 7, TEXTS)),
      marks: Array.from({ length: at % 4 }, (__, place) => some(at + place * 3, NUMBERS)),
    },
  }));
  return Promise.all(
    people.map(async (person) => {
      const { id } = await wire.make('Users', person);
      return (await wire.get(`/v2/Users/${id}`)).json as Resource;
    }),
  );
}

let people: Resource[];

describe('the server and a second reading of the RFC', () => {
  beforeAll(async () => {
    people = await crowd();
  });

  it(`list them alike in ${FILTERS} orders, pages and choices of attributes`, async () => {
    const inOrder = [...people].sort((a, b) => (a.id < b.id ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(anyList, async (list) => {
        const query = Object.entries(list).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
        const { status, json } = await wire.get(`/v2/Users?${query.join('&')}`);
        expect({ query, status, json }).toEqual({
          ...{ query, status: 200 },
          json: { schemas: [LIST_SCHEMA], ...listed(inOrder, list) },
        });
      }),
      { numRuns: FILTERS, seed: SEED },
    );
  }, 300_000);

  it(`find the same people by ${FILTERS} filters`, async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(anyCondition, async (condition) => {
        const filter = written(condition);
        fc.pre(filter.length <= 2_000);
        const { status, json } = await wire.get(`/v2/Users?count=100&filter=${encodeURIComponent(filter)}`);
        const expected = people.filter((person) => holds(condition, person)).map(({ userName }) => userName);
        expect({ filter, status, found: json?.Resources?.map(({ userName }) => userName).sort() }).toEqual({
          filter,
          status: 200,
          found: expected.sort(),
        });
        if (expected.length > 0 && expected.length < people.length) hits += 1;
      }),
      { numRuns: FILTERS, seed: SEED },
    );
    expect(hits).toBeGreaterThan(FILTERS / 4);
  }, 300_000);

  it(`have the same person after each of ${FILTERS / 2} PATCHes, and a new version only if something changed`, async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyStep, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (requests) => {
          const { id, meta } = await wire.make('Users', { userName: `patched-${++made}` });
          const person: Person = {};
          let version = meta.version;
          for (const steps of requests) {
            const before = JSON.stringify(kept(person));
            for (const step of steps) step.apply(person);
            const { status, json } = await wire.patch(`/v2/Users/${id}`, ...steps.map(({ sent }) => sent));
            const sent = JSON.stringify(steps.map((step) => step.sent));
            expect({ sent, status, is: told(json ?? {}) }).toEqual({ sent, status: 200, is: kept(person) });
            const isSame = before === JSON.stringify(kept(person));
            if (isSame) expect({ sent, version: json?.meta?.version }).toEqual({ sent, version });
            version = json?.meta?.version ?? '';
          }
        },
      ),
      { numRuns: FILTERS / 2, seed: SEED },
    );
  }, 300_000);
});
