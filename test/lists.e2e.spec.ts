import { type Embedded, startEmbedded } from './support/embedded.js';
import type { Body, Wire } from './support/http.js';

let system: Embedded;
let wire: Wire;

// No name for one of them: the order of RFC 7644 §3.4.2.3 has a place for whoever has no value.
const PEOPLE = [
  {
    userName: 'e',
    title: 'B',
    name: { familyName: 'Éluard' },
    emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }],
  },
  { userName: 'C', title: 'a', name: { familyName: 'curie' }, emails: [{ value: 'b@x' }] },
  { userName: 'd', name: { familyName: 'Darwin' } },
  { userName: 'A', title: 'B', active: false, emails: [{ value: 'c@x' }] },
  { userName: 'b', title: 'A', name: { familyName: 'Bohr' } },
];

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  for (const person of PEOPLE) await wire.make('Users', person);
  for (const displayName of ['zebras', 'Bears']) await wire.make('Groups', { displayName });
});
afterAll(() => system.end());

const names = ({ Resources = [] }: Body = {}) => Resources.map(({ userName, displayName }) => userName ?? displayName);
const query = async (text: string, endpoint = '/Users') => (await wire.get(`/v2${endpoint}?${text}`)).json;

/** All pages by cursor, checked on the way: no startIndex, a total on each, and an end. */
async function byCursor(text: string, endpoint = '/Users'): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor = ''; ;) {
    const page = await query(`${text}&cursor=${cursor}`, endpoint);
    expect(page).not.toHaveProperty('startIndex');
    found.push(...names(page));
    if (page?.nextCursor === undefined) return found;
    expect(page.nextCursor).toMatch(/^[\w.~-]+$/);
    cursor = page.nextCursor;
  }
}

describe('a list', () => {
  it.each([
    ['sortBy=userName', ['A', 'b', 'C', 'd', 'e']],
    ['sortBy=USERNAME&sortOrder=Descending', ['e', 'd', 'C', 'b', 'A']],
    ['sortBy=title', ['C', 'b', 'e', 'A', 'd']],
    ['sortBy=title&sortOrder=descending', ['d', 'e', 'A', 'C', 'b']],
    ['sortBy=name.familyName', ['b', 'C', 'd', 'e', 'A']],
    ['sortBy=emails', ['e', 'C', 'A', 'd', 'b']],
    ['sortBy=active', ['A', 'e', 'C', 'd', 'b']],
    ['sortBy=meta.created&sortOrder=descending', ['b', 'A', 'd', 'C', 'e']],
    ['sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName', ['A', 'b', 'C', 'd', 'e']],
    ['sortBy=shoeSize', ['e', 'C', 'd', 'A', 'b']],
  ])('by %s, whole, by index and by cursor', async (text, expected) => {
    expect(names(await query(text))).toEqual(expected);
    const pages = [1, 3, 5].map((startIndex) => query(`${text}&startIndex=${startIndex}&count=2`));
    expect((await Promise.all(pages)).flatMap(names)).toEqual(expected);
    for (const count of [1, 2, 5, 7]) expect(await byCursor(`${text}&count=${count}`)).toEqual(expected);
  });

  it('of everything puts users and groups into one order', async () => {
    expect(names(await query('sortBy=displayName', ''))).toEqual(['Bears', 'zebras', 'e', 'C', 'd', 'A', 'b']);
    expect(await byCursor('count=3', '')).toEqual(['e', 'C', 'd', 'A', 'b', 'zebras', 'Bears']);
    expect(await byCursor('count=2&sortBy=userName&sortOrder=descending', '')).toEqual([
      'zebras',
      'Bears',
      'e',
      'd',
      'C',
      'b',
      'A',
    ]);
  });

  it('counts rightly on every page, and after the end', async () => {
    for (const [startIndex, shown] of [
      [1, 2],
      [3, 2],
      [5, 1],
      [6, 0],
      [99, 0],
    ]) {
      expect(await query(`startIndex=${startIndex}&count=2`)).toMatchObject({
        totalResults: 5,
        startIndex,
        itemsPerPage: shown,
      });
    }
    expect(await query('count=0')).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    expect(await query('cursor&count=2&filter=title+eq+%22b%22')).toMatchObject({ totalResults: 2 });
  });

  it('by cursor neither repeats nor loses anybody when others come and go', async () => {
    const first = await query('cursor&count=2');
    const [gone] = first?.Resources ?? [];
    const late = await wire.make('Users', { userName: 'late' });
    await wire.send({ method: 'DELETE', path: `/v2/Users/${gone?.id}` });
    const rest = await query(`cursor=${first?.nextCursor}&count=9`);
    expect(names(rest)).toEqual(['d', 'A', 'b', 'late']);
    await wire.send({ method: 'DELETE', path: `/v2/Users/${late.id}` });
    await wire.make('Users', PEOPLE[0] ?? {});
  });

  it('refuses a cursor of another query', async () => {
    const page = await query('cursor&count=2');
    for (const other of ['filter=title+pr', 'sortBy=title']) {
      const answer = await wire.get(`/v2/Users?${other}&cursor=${page?.nextCursor}`);
      expect([answer.status, answer.json?.scimType]).toEqual([400, 'invalidCursor']);
    }
  });

  it('is the same when it is searched for', async () => {
    const search = { sortBy: 'userName', sortOrder: 'descending', startIndex: 2, count: 2, attributes: ['userName'] };
    const { json } = await wire.post('/v2/Users/.search', search);
    expect(names(json)).toEqual(['d', 'C']);
    expect(json?.Resources?.[0]).toEqual({ schemas: expect.any(Array), id: expect.any(String), userName: 'd' });
    const byCursor = await wire.post('/v2/Users/.search', { cursor: '', count: 2 });
    const next = await wire.post('/v2/Users/.search', { cursor: byCursor.json?.nextCursor, count: 2 });
    expect(names(next.json)).toHaveLength(2);
  });
});
