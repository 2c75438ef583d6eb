import { type Embedded, startEmbedded } from './support/embedded.js';
import type { Body, Wire } from './support/http.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const NOBODY = '01900000-0000-7000-8000-000000000000';

let system: Embedded;
let wire: Wire;

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
});
afterAll(() => system.end());

let made = 0;
const newUser = (bulkId: string, data: object = {}) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { userName: `${bulkId}-${++made}`, ...data },
});
const newGroup = (bulkId: string, ...members: string[]) => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { displayName: `${bulkId}-${++made}`, members: members.map((value) => ({ value })) },
});
const bulk = async (Operations: object[], more: object = {}) => {
  const { status, json } = await wire.post('/v2/Bulk', { Operations, ...more });
  expect([status, json?.schemas]).toEqual([200, ['urn:ietf:params:scim:api:messages:2.0:BulkResponse']]);
  return json?.Operations ?? [];
};
const statuses = (operations: NonNullable<Body['Operations']>) => operations.map(({ status }) => status);
const idOf = (operation?: { location?: string }) => operation?.location?.split('/').at(-1) ?? '';
const at = async (operation?: { location?: string }) =>
  (await wire.get(new URL(operation?.location ?? '').pathname)).json;
const membersOf = async (operation?: { location?: string }) =>
  (await at(operation))?.members?.map(({ value }) => value).sort();

describe('a bulk request', () => {
  it('makes, replaces, changes and deletes, each with its own answer in its own place', async () => {
    const ada = await wire.make('Users', { userName: 'ada' });
    const path = `/Users/${ada.id}`;
    const done = await bulk([
      newUser('new'),
      { method: 'put', path, data: { userName: 'ada', title: 'A' } },
      { method: 'PATCH', path, version: 'W/"2"', data: { Operations: [{ op: 'add', path: 'title', value: 'B' }] } },
      { method: 'PATCH', path, version: 'W/"2"', data: { Operations: [{ op: 'add', path: 'title', value: 'C' }] } },
      { method: 'DELETE', path },
      { method: 'DELETE', path },
    ]);
    expect(statuses(done)).toEqual(['201', '200', '200', '412', '204', '404']);
    expect(done[0]).toMatchObject({
      method: 'POST',
      bulkId: 'new',
      version: 'W/"1"',
      location: expect.stringContaining('/v2/Users/'),
    });
    expect(done[3]?.response).toMatchObject({
      status: '412',
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    });
  });

  it('resolves references that stand before what they refer to', async () => {
    const [group, patched, ada, boss] = await bulk([
      newGroup('team', 'bulkId:ada', 'bulkId:boss'),
      {
        method: 'PATCH',
        path: '/Groups/bulkId:team',
        data: { Operations: [{ op: 'remove', path: 'members[value eq "bulkId:boss"]' }] },
      },
      newUser('ada', { [ENTERPRISE]: { manager: { value: 'bulkId:boss' } } }),
      newUser('boss'),
    ]);
    expect(statuses([group, patched, ada, boss].filter((each) => each !== undefined))).toEqual([
      '201',
      '200',
      '201',
      '201',
    ]);
    expect(await at(ada)).toMatchObject({ [ENTERPRISE]: { manager: { value: idOf(boss) } } });
    expect(await membersOf(group)).toEqual([idOf(ada)]);
    expect(patched?.location).toBe(group?.location);
  });

  it('resolves references in a circle', async () => {
    const [a, b, c] = await bulk([newGroup('a', 'bulkId:b'), newGroup('b', 'bulkId:c'), newGroup('c', 'bulkId:a')]);
    expect(await membersOf(a)).toEqual([idOf(b)]);
    expect(await membersOf(b)).toEqual([idOf(c)]);
    expect(await membersOf(c)).toEqual([idOf(a)]);
    // What was filled in afterwards has made a version of its own.
    for (const made of [a, b, c]) expect((await at(made))?.meta?.version).toBe(made?.version);
  });

  it('lets two people be the manager of each other', async () => {
    const manager = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });
    const [ada, bob] = await bulk([newUser('ada', manager('bulkId:bob')), newUser('bob', manager('bulkId:ada'))]);
    expect([await at(ada), await at(bob)]).toMatchObject([manager(idOf(bob)), manager(idOf(ada))]);
  });

  it('keeps the order of what does not refer to one another', async () => {
    const names = Array.from({ length: 60 }, (_, place) => `again-${place}`);
    const first = await bulk(
      names.map((userName) => ({ method: 'POST', path: '/Users', bulkId: userName, data: { userName } })),
    );
    const again = first.flatMap((old, place) => [
      { method: 'DELETE', path: `/Users/${idOf(old)}` },
      { method: 'POST', path: '/Users', bulkId: `new-${place}`, data: { userName: names[place] } },
    ]);
    expect(statuses(await bulk(again))).toEqual(names.flatMap(() => ['204', '201']));
  });

  it('refuses alone what refers to nothing, or to what failed', async () => {
    const done = await bulk([
      newGroup('lost', 'bulkId:nobody'),
      newGroup('sad', 'bulkId:bad'),
      { method: 'POST', path: '/Users', bulkId: 'bad', data: {} },
      newUser('well'),
    ]);
    expect(statuses(done)).toEqual(['409', '409', '400', '201']);
    expect(done[0]).not.toHaveProperty('location');
    expect(done[2]?.response).toMatchObject({ scimType: 'invalidValue', detail: expect.stringContaining('userName') });
  });

  it('stops after as many errors as are allowed, and leaves out what it did not try', async () => {
    const bad = { method: 'POST', path: '/Users', bulkId: 'x', data: {} };
    const all = [newUser('one'), bad, newUser('two'), { ...bad, bulkId: 'y' }, newUser('three')];
    expect(statuses(await bulk(all, { failOnErrors: 2 }))).toEqual(['201', '400', '201', '400']);
    const again = [bad, newUser('four')];
    expect(statuses(await bulk(again, { failOnErrors: 1 }))).toEqual(['400']);
    expect(statuses(await bulk(again))).toEqual(['400', '201']);
  });

  it.each([
    [{ method: 'POST', path: '/Devices', bulkId: 'a', data: {} }, '400', 'invalidPath'],
    [{ method: 'POST', path: `/Users/${NOBODY}`, bulkId: 'a', data: {} }, '400', 'invalidPath'],
    [{ method: 'DELETE', path: '/Users' }, '400', 'invalidPath'],
    [{ method: 'GET', path: `/Users/${NOBODY}` }, '400', 'invalidSyntax'],
    [{ method: 'PUT', path: `/Users/${NOBODY}`, data: { userName: 'x' } }, '404', undefined],
    [{ method: 'PATCH', path: '/Users/nobody', data: { Operations: [] } }, '404', undefined],
    ['nothing', '400', 'invalidSyntax'],
  ])('answers %j alone with %s', async (operation, status, scimType) => {
    const done = await bulk([operation as object, newUser('next')]);
    expect(statuses(done)).toEqual([status, '201']);
    expect(done[0]?.response?.scimType).toBe(scimType);
  });

  it('takes a bulkId once', async () => {
    expect(statuses(await bulk([newUser('twin'), newUser('twin')]))).toEqual(['201', '400']);
  });

  it('takes 1,000 operations and 8 MiB, and no more', async () => {
    const padding = 'x'.repeat(7_000);
    const many = Array.from({ length: 1_000 }, (_, place) => newUser(`many-${place}`, { title: padding }));
    const done = await bulk(many);
    expect(new Set(statuses(done))).toEqual(new Set(['201']));
    expect(done.map(({ bulkId }) => bulkId)).toEqual(many.map(({ bulkId }) => bulkId));
    expect((await wire.post('/v2/Bulk', { Operations: [...many.slice(1).map(() => ({})), {}, {}] })).status).toBe(413);
    expect(
      (await wire.post('/v2/Bulk', { Operations: [newUser('large', { title: 'x'.repeat(8 << 20) })] })).status,
    ).toBe(413);
  });

  it('says 413 to the end of a body far too long, and closes nobody out', async () => {
    const body = JSON.stringify({ Operations: [newUser('large', { title: 'x'.repeat(24 << 20) })] });
    const answers = await Promise.all([1, 2, 3].map(() => wire.send({ method: 'POST', path: '/v2/Bulk', body })));
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413]);
  });

  it.each([
    ['no list', {}],
    ['a list', []],
    ['failOnErrors of another kind', { Operations: [], failOnErrors: 'many' }],
  ])('with %s is refused whole', async (_, body) => {
    expect(await wire.post('/v2/Bulk', body)).toMatchObject({ status: 400, json: { status: '400' } });
  });
});
