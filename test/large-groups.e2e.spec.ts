import { type Embedded, startEmbedded } from './support/embedded.js';
import { makeGroup, makeUsers } from './support/crowd.js';
import type { Wire } from './support/http.js';
import type { Resource } from './support/scim.js';

// One answer of the directory holds 20,000 members or groups of users: these are more, so pages come in several parts.
const USERS = 2_300;
const SIZES = [2_300, 0, 1_000, 1_001, 2_300, 1, 2_200, 2_300, 999, 2_100, 2_300, 2_300, 2_000, 2_300, 500];
const GROUPS = 25;

let system: Embedded;
let wire: Wire;
let users: string[];
const groups: string[] = [];

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  users = await makeUsers(wire, USERS);
  for (const [at, size] of SIZES.entries()) groups.push(await makeGroup(wire, `G${at}`, users.slice(0, size)));
}, 120_000);
afterAll(() => system.end());

const PROJECTIONS = [
  '',
  'attributes=members',
  'attributes=members.value',
  'attributes=members.type,displayName',
  'attributes=members.display',
  'excludedAttributes=members.$ref',
  'excludedAttributes=members.value,members.type,members.$ref',
  'excludedAttributes=members',
];
const one = async (id: string, query = '') => (await wire.get(`/v2/Groups/${id}?${query}`)).json as Resource;
const memberIds = ({ members = [] }: Resource) => members.map(({ value }) => value);

describe('a large group', () => {
  it('is read whole and in order, whatever its size', async () => {
    for (const [at, id] of groups.entries()) expect(memberIds(await one(id))).toEqual(users.slice(0, SIZES[at]));
  });

  it.each(PROJECTIONS)('is shown with the members that were asked for, as a small one is: %s', async (query) => {
    const shown = await Promise.all(groups.map((id) => one(id, query)));
    const [small, ...all] = shown.toSorted((a, b) => (a.members?.length ?? 0) - (b.members?.length ?? 0)).slice(1);
    const sample = small?.members?.at(0);
    for (const { members, ...rest } of all) {
      expect([Object.keys(rest), members === undefined]).toEqual([
        Object.keys(small ?? {}).filter((name) => name !== 'members'),
        sample === undefined,
      ]);
      const forms = new Set(members?.map((member) => Object.keys(member).join()));
      expect([...forms]).toEqual(sample === undefined ? [] : [Object.keys(sample).join()]);
    }
  });

  it('is not read for who knows it, wants only its head, or another version', async () => {
    const [id = ''] = groups;
    const path = `/v2/Groups/${id}`;
    const { headers } = await wire.get(path);
    const etag = String(headers.etag);
    const known = await wire.get(path, { 'if-none-match': etag });
    expect([known.status, known.text]).toEqual([304, '']);
    const head = await wire.send({ method: 'HEAD', path });
    expect([head.status, head.headers.etag, head.text]).toEqual([200, etag, '']);
    expect([head.headers['content-type'], head.headers['content-length']]).toEqual([
      headers['content-type'],
      undefined,
    ]);
    expect((await wire.get(path, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect(memberIds((await wire.get(path, { 'if-none-match': 'W/"1"' })).json as Resource)).toHaveLength(2_300);
    expect((await wire.send({ method: 'HEAD', path: '/v2/Groups' })).status).toBe(200);
  });

  it('is answered after a change of it, as the change left it', async () => {
    const id = await makeGroup(wire, 'changing', users);
    const path = `/v2/Groups/${id}`;
    const kept = users.filter((_, at) => at % 2 === 0);
    const put = await wire.send({ method: 'PUT', path, body: { displayName: 'changed', members: kept } });
    expect([put.status, put.json?.displayName, memberIds(put.json as Resource)]).toEqual([200, 'changed', kept]);
    expect(put.headers.etag).toBe(put.json?.meta?.version);

    const patched = await wire.send({
      method: 'PATCH',
      path: `${path}?attributes=members.value`,
      body: { Operations: [{ op: 'replace', path: 'members', value: users }] },
    });
    expect([patched.status, memberIds(patched.json as Resource)]).toEqual([200, users]);
    expect((await wire.patch(path, { op: 'remove', path: 'members' })).status).toBe(204);
    expect(memberIds(await one(id))).toEqual([]);
    const made = await wire.make('Groups', { displayName: 'made', members: users });
    expect(memberIds(made)).toEqual(users);
    for (const gone of [id, made.id])
      expect((await wire.send({ method: 'DELETE', path: `/v2/Groups/${gone}` })).status).toBe(204);
  });
});

describe('a list with more than one answer of the directory holds', () => {
  const whole = () => Promise.all(groups.map((id) => one(id)));

  it('of groups is as long as was asked for, by index, by search and by cursor', async () => {
    const all = await whole();
    const { json: list } = await wire.get('/v2/Groups?count=100');
    expect([list?.totalResults, list?.startIndex, list?.itemsPerPage]).toEqual([SIZES.length, 1, SIZES.length]);
    expect(list?.Resources).toEqual(all);

    const second = (await wire.get('/v2/Groups?startIndex=3&count=12&sortBy=meta.created')).json;
    expect([second?.totalResults, second?.startIndex, second?.itemsPerPage]).toEqual([SIZES.length, 3, 12]);
    expect(second?.Resources).toEqual(all.slice(2, 14));
    const filtered = { filter: 'members.type eq "User"', attributes: ['members.value'], count: 100 };
    const found = (await wire.post('/v2/Groups/.search', filtered)).json;
    expect(found?.Resources?.map(memberIds)).toEqual(all.map(memberIds).filter(({ length }) => length > 0));

    const byCursor: Resource[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: typeof list = (await wire.get(`/v2/Groups?count=12&cursor=${cursor}`)).json;
      expect(page?.startIndex).toBeUndefined();
      expect(page?.itemsPerPage).toBe(page?.Resources?.length);
      byCursor.push(...(page?.Resources ?? []));
      cursor = page?.nextCursor;
    }
    expect(byCursor).toEqual(all);
  });

  it('of users has all groups of each', async () => {
    for (let at = 0; at < GROUPS; at += 1) await makeGroup(wire, `more ${at}`, users.slice(0, 1_000));
    const list = (await wire.get('/v2/Users?count=1000&attributes=userName,groups')).json;
    expect([list?.totalResults, list?.itemsPerPage]).toEqual([USERS, 1_000]);
    const names = SIZES.flatMap((size, at) => (size >= 999 ? [`G${at}`] : []));
    const more = Array.from({ length: GROUPS }, (_, at) => `more ${at}`);
    for (const { groups: own = [] } of (list?.Resources ?? []).slice(500, 999)) {
      expect(own.map((group) => ('display' in group ? group.display : undefined))).toEqual([...names, ...more]);
    }
    const last = list?.Resources?.at(-1);
    expect((await wire.get(`/v2/Users/${last?.id ?? ''}?attributes=userName,groups`)).json).toEqual(last);
  });

  it('of both has users and groups in one order', async () => {
    const query = 'sortBy=meta.created&sortOrder=descending&count=900';
    const list = (await wire.get(`/v2?${query}`)).json;
    expect([list?.itemsPerPage, new Set(list?.Resources?.map(({ id }) => id)).size]).toEqual([900, 900]);
    const shown = list?.Resources?.filter(({ id }) => groups.includes(id)) ?? [];
    expect(shown.map(memberIds)).toEqual((await whole()).toReversed().map(memberIds));
  });
});
