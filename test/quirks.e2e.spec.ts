// Every known habit of Entra ID that has broken SCIM servers, by its number in docs/entra.md, over the wire and read back
// (Q42: an answer that says "done" proves nothing).
import { type Embedded, startEmbedded } from './support/embedded.js';
import type { Answer, Wire } from './support/http.js';
import type { Resource } from './support/scim.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const NOBODY = '01900000-0000-7000-8000-000000000000';
const ENTRA_GROUP = [
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
];

let system: Embedded;
let wire: Wire;
let atFirst: (number | undefined)[];

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  const lists = await Promise.all([wire.get('/v2/Users'), wire.get('/v2/Groups'), wire.get('/v2/')]);
  atFirst = lists.map(({ json }) => json?.totalResults);
});
afterAll(() => system.end());

let made = 0;
const user = (data: object = {}) => wire.make('Users', { userName: `Ada-${++made}@example.com`, ...data });
const group = (data: object = {}) => wire.make('Groups', { displayName: `Group ${++made}`, ...data });
const read = async ({ id }: Resource, endpoint = 'Users') => (await wire.get(`/v2/${endpoint}/${id}`)).json as Resource;
const found = async (filter: string, endpoint = 'Users') => {
  const { status, json } = await wire.get(`/v2/${endpoint}?filter=${encodeURIComponent(filter)}`);
  expect(status).toBe(200);
  return json?.Resources?.map(({ id }) => id) ?? [];
};

/** A PATCH of a user, answered 200 with the user exactly as a GET gives it afterwards. */
async function patched(before: Resource, ...operations: object[]): Promise<Resource> {
  const { status, json, text } = await wire.patch(`/v2/Users/${before.id}`, ...operations);
  expect({ status, text }).toEqual({ status: 200, text: expect.any(String) });
  const after = await read(before);
  expect(after).toEqual(json);
  return after;
}

/** A PATCH of a group, answered 204; gives the ids of who is in it afterwards. */
async function members({ id }: Resource, ...operations: object[]): Promise<string[]> {
  if (operations.length > 0) {
    expect(await wire.patch(`/v2/Groups/${id}`, ...operations)).toMatchObject({ status: 204, text: '' });
  }
  const after = (await wire.get(`/v2/Groups/${id}`)).json;
  return (after?.members ?? []).map(({ value }) => value).sort();
}
const listed = (...ids: string[]) => ids.map((value) => ({ $ref: null, value }));
const several = async (count: number) =>
  (await Promise.all(Array.from({ length: count }, () => user()))).map(({ id }) => id).sort();

describe('users', () => {
  it.each(['False', 'false', 'FALSE', false])('Q1: are disabled by %j, and answer with a boolean', async (value) => {
    const after = await patched(await user(), { op: 'Replace', path: 'active', value });
    expect(after.active).toBe(false);
    expect(await found(`id eq "${after.id}" and active eq "False"`)).toEqual([after.id]);
    expect((await read(await user({ active: value }))).active).toBe(false);
    expect((await read(await user({ active: 'True' }))).active).toBe(true);
    expect((await patched(after, { op: 'replace', value: { active: 'true' } })).active).toBe(true);
    expect((await patched(after, { op: 'replace', value: { active: value } })).active).toBe(false);
  });

  it.each(['Add', 'Replace', 'add', 'REPLACE'])('Q2, Q3: are changed by %s on single values', async (op) => {
    const after = await patched(
      await user({ displayName: 'A', name: { givenName: 'A' }, [ENTERPRISE]: { department: 'A' } }),
      { op, path: 'displayName', value: 'B' },
      { op, path: 'name.givenName', value: 'B' },
      { op, path: `${ENTERPRISE}:department`, value: 'B' },
      { op, path: 'title', value: 'B' },
      { op, path: 'active', value: 'False' },
    );
    const set = { displayName: 'B', name: { givenName: 'B' }, title: 'B', active: false };
    expect(after).toMatchObject({ ...set, [ENTERPRISE]: { department: 'B' } });
  });

  it.each(['Remove', 'remove', 'REMOVE'])('Q2: lose a value by %s', async (op) => {
    expect(await patched(await user({ title: 'T' }), { op, path: 'title' })).not.toHaveProperty('title');
  });

  it.each(['Add', 'Replace'])(
    'Q6, Q7: get one element from %s on several paths to one that is not there',
    async (op) => {
      const path = 'addresses[type eq "work"]';
      const after = await patched(
        await user({ emails: [{ type: 'home', value: 'h@x' }], phoneNumbers: [{ type: 'work', value: '+1' }] }),
        { op, path: `${path}.formatted`, value: 'A' },
        { op, path: `${path}.locality`, value: 'B' },
        { op, path: `${path}.region`, value: 'C' },
        { op, path: 'emails[type eq "work"].value', value: 'a@x' },
        { op, path: 'phoneNumbers[type eq "mobile"].value', value: '+2' },
      );
      expect(after.addresses).toEqual([{ type: 'work', formatted: 'A', locality: 'B', region: 'C' }]);
      expect(after.emails).toEqual([
        { type: 'home', value: 'h@x' },
        { type: 'work', value: 'a@x' },
      ]);
      expect(after.phoneNumbers).toEqual([
        { type: 'work', value: '+1' },
        { type: 'mobile', value: '+2' },
      ]);
    },
  );

  it.each(['replace', 'Add'])('Q8: take dotted and URN keys in a %s without path', async (op) => {
    const value = {
      displayName: 'B',
      'name.givenName': 'K',
      [`${ENTERPRISE}:department`]: 'D',
      [ENTERPRISE]: { employeeNumber: '7' },
      'emails[type eq "work"].value': 'w@x',
    };
    const after = await patched(await user({ name: { familyName: 'F' } }), { op, value });
    expect(after).toMatchObject({
      displayName: 'B',
      emails: [{ type: 'work', value: 'w@x' }],
      name: { givenName: 'K', familyName: 'F' },
      [ENTERPRISE]: { department: 'D', employeeNumber: '7' },
    });
    expect(after).not.toHaveProperty(['name.givenName']);
    expect(after).not.toHaveProperty([`${ENTERPRISE}:department`]);
  });

  it.each([
    ['a text', `${ENTERPRISE}:manager`, 'm-1'],
    ['an object', `${ENTERPRISE}:manager`, { value: 'm-1' }],
    ['a list', 'manager', [{ $ref: 'http://x/Users/m-1', value: 'm-1' }]],
    ['a dot after the URN', `${ENTERPRISE}.manager`, 'm-1'],
  ])(
    'Q10, Q11, Q13: have a manager, sent as %s, whom nobody knows, and give it back as an object',
    async (_, path, value) => {
      const after = await patched(await user(), { op: 'Add', path, value });
      expect(after[ENTERPRISE]).toEqual({ manager: { value: 'm-1' } });
      const before = await user({ [ENTERPRISE]: { department: 'D', manager: { value: 'm-0' } } });
      const replaced = await patched(before, { op: 'Replace', path, value });
      expect(replaced[ENTERPRISE]).toEqual({ department: 'D', manager: { value: 'm-1' } });
      expect((await user({ [ENTERPRISE]: { manager: 'SuzzyQ' } }))[ENTERPRISE]).toEqual({
        manager: { value: 'SuzzyQ' },
      });
    },
  );

  it.each([
    { op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' },
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } },
    { op: 'Replace', path: `${ENTERPRISE}:manager`, value: null },
    { op: 'Remove', path: `${ENTERPRISE}:manager` },
    { op: 'Remove', path: `${ENTERPRISE}:manager`, value: 'm' },
    { op: 'Remove', path: `${ENTERPRISE}.manager` },
    { op: 'replace', value: { [`${ENTERPRISE}:manager`]: '' } },
    { op: 'replace', value: { [ENTERPRISE]: { manager: { value: null } } } },
    { op: 'remove', path: `${ENTERPRISE}:manager[value eq "m"]` },
    { op: 'remove', path: 'manager[value eq "m"]' },
  ])('Q12: lose their manager by %j, and the empty extension with it', async (operation) => {
    const after = await patched(await user({ [ENTERPRISE]: { manager: { value: 'm' } } }), operation);
    expect(after).not.toHaveProperty([ENTERPRISE]);
    expect(after.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User']);
  });

  it('Q14: keep a role that is a JSON document in a text', async () => {
    const value = '{"id":"18d14569","value":"25","displayName":"Role1234"}';
    expect((await patched(await user(), { op: 'Add', path: 'roles', value: [{ value }] })).roles).toEqual([{ value }]);
    expect((await read(await user({ roles: [{ value }] }))).roles).toEqual([{ value }]);
  });

  it('Q14: have exactly the roles of a list that replaces theirs, in all their parts', async () => {
    const role = (value: string) => ({
      type: 'WindowsAzureActiveDirectoryRole',
      value,
      display: value,
      primary: false,
    });
    const before = await user({ roles: [{ ...role('a'), primary: 'False', displayName: 'ignored' }, role('b')] });
    expect((await read(before)).roles).toEqual([role('a'), role('b')]);
    const after = await patched(before, { op: 'Replace', path: 'roles', value: [role('b'), role('c')] });
    expect(after.roles).toEqual([role('b'), role('c')]);
    expect(await patched(after, { op: 'Replace', path: 'roles', value: [] })).not.toHaveProperty('roles');
  });

  it('Q15: find and make roles by primary eq "True"', async () => {
    const set = (value: string) => ({ op: 'replace', path: 'roles[primary eq "True"].value', value });
    const before = await patched(await user({ roles: [{ value: 'other', primary: false }] }), set('a'));
    expect(before.roles).toEqual([
      { value: 'other', primary: false },
      { value: 'a', primary: true },
    ]);
    expect((await patched(before, set('b'))).roles).toEqual([
      { value: 'other', primary: false },
      { value: 'b', primary: true },
    ]);
    const parts = ['display', 'value', 'type'].map((sub) => ({
      op: 'add',
      path: `roles[primary eq "True"].${sub}`,
      value: sub,
    }));
    expect((await patched(await user(), ...parts)).roles).toEqual([
      { display: 'display', value: 'value', type: 'type', primary: true },
    ]);
  });

  it('Q26: exist once, whatever the case of their names', async () => {
    const { userName } = await user();
    const again = await wire.post('/v2/Users', { userName: userName?.toUpperCase() });
    expect([again.status, again.json?.scimType]).toEqual([409, 'uniqueness']);
    expect(again.json?.detail).toContain('userName');
    const other = await user();
    const moved = await wire.patch(`/v2/Users/${other.id}`, { op: 'Replace', path: 'userName', value: userName });
    expect([moved.status, moved.json?.scimType, await read(other)]).toEqual([409, 'uniqueness', other]);
  });

  it('Q33: may have another externalId, and are then found by it alone', async () => {
    const before = await user({ externalId: `nick-${made}` });
    const after = await patched(before, { op: 'Replace', path: 'externalId', value: `object-${made}` });
    expect([
      await found(`externalId eq "${String(after.externalId)}"`),
      await found(`externalId eq "${String(before.externalId)}"`),
    ]).toEqual([[after.id], []]);
  });

  it('Q34, Q35, Q48: are taken with nulls, unknown attributes and URNs that `schemas` does not name', async () => {
    const sent = {
      title: null,
      addresses: null,
      phoneNumbers: null,
      preferredLanguage: null,
      name: null,
      displayName: 'Kept',
      roles: [{ type: 'x' }],
      ims: [],
      meta: { resourceType: 'User', created: '2018-03-27T19:59:26.000Z', lastModified: '2018-03-27T19:59:26.000Z' },
      shoeSize: 44,
      'urn:x:2.0User': { a: 1 },
      [ENTERPRISE]: { department: 'D', manager: null, costCenter: null },
      schemas: [],
    };
    const after = await read(await user(sent));
    expect(after).toMatchObject({ displayName: 'Kept', roles: [{ type: 'x' }], [ENTERPRISE]: { department: 'D' } });
    expect(after[ENTERPRISE]).toEqual({ department: 'D' });
    expect(after.schemas).toContain(ENTERPRISE);
    expect(new Date(after.meta.created).getFullYear()).toBeGreaterThan(2018);
    for (const name of ['title', 'addresses', 'phoneNumbers', 'preferredLanguage', 'name', 'ims', 'shoeSize']) {
      expect(after).not.toHaveProperty([name]);
    }
  });

  it('Q34: are changed in what is known when a PATCH also has what is not', async () => {
    const after = await patched(
      await user(),
      { op: 'Add', path: 'addresses[type eq "work"].planet', value: 'x' },
      { op: 'Replace', path: 'shoeSize', value: 44 },
      { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:Nobody:2.0:User:tag', value: 'x' },
      {
        op: 'replace',
        value: { shoeSize: 44, 'urn:ietf:params:scim:schemas:extension:Nobody:2.0:User': { tag: 'x' }, title: 'T' },
      },
      { op: 'Remove', path: 'shoeSize' },
    );
    expect(after).toMatchObject({ title: 'T' });
    expect(JSON.stringify(after)).not.toMatch(/planet|shoeSize|Nobody/);
  });

  it('Q36: keep two addresses of one type', async () => {
    const emails = [
      { type: 'work', primary: true, value: 'a@x' },
      { type: 'work', primary: false, value: 'b@x' },
    ];
    expect((await read(await user({ emails }))).emails).toEqual(emails);
  });

  it('Q37: are read with names in any case', async () => {
    const before = await user({
      DisplayName: 'A',
      Emails: [{ Type: 'work', Value: 'a@x', Primary: 'True' }],
      [ENTERPRISE.toUpperCase()]: { Manager: { Value: 'S' } },
    });
    expect(await read(before)).toMatchObject({
      displayName: 'A',
      emails: [{ type: 'work', value: 'a@x', primary: true }],
      [ENTERPRISE]: { manager: { value: 'S' } },
    });
    expect((await patched(before, { op: 'Replace', path: 'ActiVe', value: 'False' })).active).toBe(false);
    expect(await found(`ID eq "${before.id}" and META.Created gt "2011-05-13T04:42:34Z"`)).toEqual([before.id]);
  });

  it('Q40, Q41: stay visible when disabled, cannot be made again, and come back', async () => {
    const gone = await patched(await user(), { op: 'Replace', path: 'active', value: 'False' });
    expect(await found(`userName eq "${gone.userName}"`)).toEqual([gone.id]);
    expect(await found(`id eq "${gone.id}" and active eq false`)).toEqual([gone.id]);
    expect((await wire.post('/v2/Users', { userName: gone.userName })).status).toBe(409);
    expect((await patched(gone, { op: 'Add', path: 'active', value: 'True' })).active).toBe(true);
  });

  it('Q42, Q44: are answered 200 with the whole user, as it then is', async () => {
    const after = await patched(
      await user(),
      { op: 'replace', value: { active: 'false' } },
      { op: 'Add', path: 'title', value: 'T' },
    );
    expect(after).toMatchObject({ active: false, title: 'T' });
  });

  it('Q43: keep their memberships while they are disabled', async () => {
    const ada = await user();
    const team = await group({ members: listed(ada.id) });
    await patched(ada, { op: 'Replace', path: 'active', value: 'False' });
    expect(await members(team)).toEqual([ada.id]);
    expect(await found(`id eq "${team.id}" and members eq "${ada.id}"`, 'Groups')).toEqual([team.id]);
    await patched(ada, { op: 'Replace', path: 'active', value: 'True' });
    expect(await members(team)).toEqual([ada.id]);
  });

  it('Q46: lose a value that is named beside a complete path', async () => {
    const before = await user({
      emails: [
        { type: 'work', value: 'a@x' },
        { type: 'home', value: 'b@x' },
      ],
    });
    const after = await patched(before, { op: 'Remove', path: 'emails[type eq "work"].value', value: 'old@x' });
    expect(after.emails).toEqual([{ type: 'home', value: 'b@x' }]);
    const titled = await user({ title: 'T', name: { givenName: 'G', familyName: 'F' } });
    const rest = await patched(
      titled,
      { op: 'Remove', path: 'title', value: 'another' },
      { op: 'Remove', path: 'name.givenName', value: 'another' },
    );
    expect(rest).not.toHaveProperty('title');
    expect(rest.name).toEqual({ familyName: 'F' });
  });

  it.each(['', null])('Q47: are cleared by %j, whatever the type', async (value) => {
    const before = await user({
      title: 'T',
      name: { givenName: 'G' },
      emails: [{ type: 'work', value: 'a@x' }],
      roles: [{ primary: true, value: 'r' }],
      addresses: [{ type: 'work', locality: 'L' }],
      externalId: `cleared-${made}`,
      [ENTERPRISE]: { department: 'D' },
    });
    const gone = ['title', 'name', 'emails', 'roles', 'addresses', 'externalId', 'active', ENTERPRISE];
    for (const name of gone) expect(before).toHaveProperty([name]);
    const paths = [
      'title',
      'active',
      'externalId',
      'name.givenName',
      'emails[type eq "work"].value',
      'roles[primary eq "True"].value',
      'addresses[type eq "work"].locality',
      `${ENTERPRISE}:department`,
    ];
    const after = await patched(before, ...paths.map((path) => ({ op: 'replace', path, value })));
    for (const name of gone) expect(after).not.toHaveProperty([name]);
    expect(await found(`externalId eq "${String(before.externalId)}"`)).toEqual([]);
  });

  it('Q49: give lists of objects, never of texts', async () => {
    const after = await read(await user({ emails: ['a@x'] as unknown[] }));
    expect(after.emails).toEqual([{ value: 'a@x' }]);
  });

  it('Q57: change wholly or not at all', async () => {
    const before = await user({ title: 'A' });
    const { status } = await wire.patch(
      `/v2/Users/${before.id}`,
      { op: 'replace', path: 'title', value: 'B' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    );
    expect([status, await read(before)]).toEqual([400, before]);
  });

  it('Q58: give values back letter for letter', async () => {
    const sent = {
      userName: `  MiXed-${++made}@Example.COM `,
      phoneNumbers: [{ type: 'work', value: '+1 (425) 555-0100 ' }],
      emails: [{ value: 'ADA@Example.com' }],
      timezone: 'europe/berlin',
      preferredLanguage: 'en-us',
    };
    const before = await user(sent);
    expect(await read(before)).toMatchObject(sent);
    const value = ' ÉLODIE  O’Neil "x" \\ \u{1F600}\u00e9e\u0301 ';
    const after = await patched(
      before,
      { op: 'Replace', path: 'displayName', value },
      { op: 'Replace', path: 'phoneNumbers[type eq "work"].value', value: '0221 / 555-01 ' },
      { op: 'Replace', path: 'userName', value: `${sent.userName}X` },
    );
    expect([after.displayName, after.phoneNumbers, after.userName]).toEqual([
      value,
      [{ type: 'work', value: '0221 / 555-01 ' }],
      `${sent.userName}X`,
    ]);
  });

  it('Q59: keep the siblings of what is written', async () => {
    const name = { givenName: 'A', familyName: 'B', formatted: 'A B' };
    const before = await user({ name });
    expect((await patched(before, { op: 'Replace', path: 'name.givenName', value: 'C' })).name).toEqual({
      ...name,
      givenName: 'C',
    });
    expect((await patched(before, { op: 'Replace', path: 'name', value: { givenName: 'D' } })).name).toEqual({
      ...name,
      givenName: 'D',
    });
    expect((await patched(before, { op: 'replace', value: { 'name.givenName': 'E' } })).name).toEqual({
      ...name,
      givenName: 'E',
    });
    const addresses = [{ type: 'work', locality: 'L', region: 'R', primary: true }];
    const rich = await user({ addresses, [ENTERPRISE]: { department: 'D', costCenter: 'C' } });
    const after = await patched(
      rich,
      { op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'M' },
      { op: 'Replace', path: `${ENTERPRISE}:department`, value: 'E' },
    );
    expect(after.addresses).toEqual([{ ...addresses[0], locality: 'M' }]);
    expect(after[ENTERPRISE]).toEqual({ department: 'E', costCenter: 'C' });
  });
});

describe('groups', () => {
  it('Q4: lose exactly the members listed', async () => {
    const [a = '', b = '', c = ''] = await several(3);
    const team = await group({ members: listed(a, b, c) });
    expect(await members(team, { op: 'Remove', path: 'members', value: listed(b) })).toEqual([a, c]);
    expect(await members(team, { op: 'Remove', path: 'members', value: [] })).toEqual([a, c]);
    expect(await members(team, { op: 'Remove', path: 'members', value: listed(NOBODY) })).toEqual([a, c]);
    expect(await members(team, { op: 'Remove', path: 'members', value: { value: c } })).toEqual([a]);
    expect(await members(team, { op: 'Remove', path: 'members' })).toEqual([]);
  });

  it('Q5: lose the member that a path selects, in the same tenant', async () => {
    const [a = '', b = '', c = '', d = ''] = await several(4);
    const team = await group({ members: listed(a, b, c, d) });
    expect(await members(team, { op: 'remove', path: `members[value eq "${a}"]` })).toEqual([b, c, d]);
    expect(await members(team, { op: 'Remove', path: 'members', value: listed(b) })).toEqual([c, d]);
    expect(await members(team, { op: 'Remove', path: `members[value eq ${c}]` })).toEqual([d]);
    expect(await members(team, { op: 'remove', path: `members[value eq "${NOBODY}"]` })).toEqual([d]);
  });

  it('Q9, Q31, Q32: are renamed with and without a path, by their externalId too, and keep their members', async () => {
    const [a = '', b = ''] = await several(2);
    const team = await group({ members: listed(a) });
    const name = `Renamed ${++made}`;
    expect(await members(team, { op: 'Replace', path: 'displayName', value: 'Soon gone' })).toEqual([a]);
    expect(await members(team, { op: 'replace', value: { id: team.id, displayName: name } })).toEqual([a]);
    expect(
      await members(team, { op: 'Add', path: 'externalId', value: 'e' }, { op: 'replace', value: { externalId: 'f' } }),
    ).toEqual([a]);
    expect(await read(team, 'Groups')).toMatchObject({ displayName: name, externalId: 'f' });
    expect(await members(team, { op: 'add', value: { members: listed(b) } })).toEqual([a, b].sort());
  });

  it('Q26: exist once, whatever the case of their names', async () => {
    const { displayName } = await group();
    const again = await wire.post('/v2/Groups', { displayName: displayName?.toUpperCase() });
    expect([again.status, again.json?.scimType]).toEqual([409, 'uniqueness']);
    expect(again.json?.detail).toContain('displayName');
  });

  it('Q57: change wholly or not at all', async () => {
    const [a = ''] = await several(1);
    const team = await group({ members: listed(a), externalId: 'e' });
    const { status } = await wire.patch(
      `/v2/Groups/${team.id}`,
      { op: 'Replace', path: 'externalId', value: 'f' },
      { op: 'Remove', path: 'members', value: listed(a) },
      { op: 'Replace', path: 'displayName', value: '' },
    );
    expect([status, await members(team), await read(team, 'Groups')]).toEqual([
      400,
      [a],
      expect.objectContaining({ externalId: 'e' }),
    ]);
  });

  it('Q56: stay as they are when a PATCH has no operations', async () => {
    const team = await group({ members: listed(...(await several(1))) });
    const before = await read(team, 'Groups');
    expect(await wire.patch(`/v2/Groups/${team.id}`)).toMatchObject({ status: 204 });
    expect(await read(team, 'Groups')).toEqual(before);
  });

  it('Q17: are there to be asked for, also when there are none', async () => {
    const probe = await wire.get(`/v2/Groups?excludedAttributes=members&filter=displayName+eq+%22${NOBODY}%22`);
    expect([probe.status, probe.json]).toMatchObject([200, { totalResults: 0, Resources: [] }]);
  });

  it('Q24: leave their members out when asked to', async () => {
    const team = await group({ members: listed(...(await several(2))) });
    expect(await read({ ...team, id: `${team.id}?excludedAttributes=members` }, 'Groups')).not.toHaveProperty(
      'members',
    );
    const { json } = await wire.get(`/v2/Groups?excludedAttributes=members&filter=id+eq+%22${team.id}%22`);
    expect(json?.Resources?.[0]).not.toHaveProperty('members');
  });

  it('Q27: lose nothing when five PATCHes work on one of them at a time', async () => {
    const ids = await several(25);
    const team = await group();
    const answers = await Promise.all(
      ids.map((id) => wire.patch(`/v2/Groups/${team.id}`, { op: 'Add', path: 'members', value: listed(id) })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await members(team)).toEqual(ids);
    expect((await read(team, 'Groups')).meta.version).toBe('W/"26"');
    const leaving = await Promise.all(
      ids
        .slice(0, 5)
        .map((id, place) =>
          wire.patch(
            `/v2/Groups/${team.id}`,
            place % 2 === 0
              ? { op: 'Remove', path: 'members', value: listed(id) }
              : { op: 'remove', path: `members[value eq "${id}"]` },
          ),
        ),
    );
    expect(leaving.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect(await members(team)).toEqual(ids.slice(5));
  });

  it('Q28: take a member that is there, and let go one that is not, without a new version', async () => {
    const [a = '', b = ''] = await several(2);
    const team = await group({ members: listed(a) });
    const { meta } = await read(team, 'Groups');
    expect(
      await members(
        team,
        { op: 'Add', path: 'members', value: listed(a) },
        { op: 'Remove', path: 'members', value: listed(b) },
      ),
    ).toEqual([a]);
    expect((await read(team, 'Groups')).meta).toEqual(meta);
  });

  it.each([['string id 1'], [NOBODY], [[{ value: 'string id 1' }]], [{ value: NOBODY }]])(
    'Q29: leave out %j, take the rest',
    async (value) => {
      const [a = ''] = await several(1);
      expect(
        await members(
          await group(),
          { op: 'Add', path: 'members', value },
          { op: 'Add', path: 'members', value: listed(a) },
        ),
      ).toEqual([a]);
    },
  );

  it("Q30: bear $ref: null, extra keys and Microsoft's second schema", async () => {
    const [a = ''] = await several(1);
    const team = await group({ schemas: ENTRA_GROUP, externalId: 'e', meta: { resourceType: 'Group' } });
    const body = {
      id: 'x',
      schemas: ENTRA_GROUP,
      Operations: [
        {
          name: 'addMember',
          op: 'Add',
          path: 'members',
          value: [{ $ref: null, value: a, displayName: 'A', type: 'User' }],
        },
      ],
    };
    expect(await wire.send({ method: 'PATCH', path: `/v2/Groups/${team.id}`, body })).toMatchObject({ status: 204 });
    expect(await members(team)).toEqual([a]);
  });

  it('Q52: give every member, however many', async () => {
    const Operations = Array.from({ length: 250 }, (_, place) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `${place}`,
      data: { userName: `crowd-${++made}` },
    }));
    const { json } = await wire.post('/v2/Bulk', { Operations });
    const ids = (json?.Operations ?? []).map(({ location }) => location?.split('/').at(-1) ?? '').sort();
    expect(await members(await group({ members: listed(...ids) }))).toEqual(ids);
  });

  it('Q53: may be members of groups', async () => {
    const inner = await group();
    const outer = await group({ members: listed(inner.id) });
    expect((await read(outer, 'Groups')).members).toMatchObject([{ value: inner.id, type: 'Group' }]);
    const another = await group();
    expect(await members(outer, { op: 'Add', path: 'members', value: listed(another.id) })).toEqual(
      [inner.id, another.id].sort(),
    );
    expect(await members(outer, { op: 'Remove', path: 'members', value: listed(inner.id) })).toEqual([another.id]);
  });
});

describe('queries', () => {
  it('Q16: find nobody with 200 and an empty list', async () => {
    for (const path of [
      'userName',
      'externalId',
      'id',
      'emails[type eq "work"].value',
      'emails.value',
      `${ENTERPRISE}:employeeNumber`,
    ]) {
      const { status, json } = await wire.get(`/v2/Users?filter=${encodeURIComponent(`${path} eq "${NOBODY}"`)}`);
      expect([status, json]).toMatchObject([
        200,
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
          totalResults: 0,
          Resources: [],
          startIndex: 1,
        },
      ]);
    }
  });

  it('Q18, Q19, Q25, Q38: match on every attribute, in any case, quoted or not', async () => {
    const value = `Work-${++made}@x`;
    const employeeNumber = `E${made}`;
    const ada = await user({ emails: [{ type: 'work', value }], [ENTERPRISE]: { employeeNumber } });
    const team = await group();
    expect(await found(`emails[type eq "work"].value eq "${value.toLowerCase()}"`)).toEqual([ada.id]);
    expect(await found(`emails[type eq "home"].value eq "${value}"`)).toEqual([]);
    expect(await found(`emails.value eq "${value}"`)).toEqual([ada.id]);
    expect(await found(`${ENTERPRISE}:employeeNumber eq "${employeeNumber}"`)).toEqual([ada.id]);
    expect(await found(`userName eq "${ada.userName?.toUpperCase()}"`)).toEqual([ada.id]);
    expect(await found(`displayName eq "${team.displayName?.toUpperCase()}"`, 'Groups')).toEqual([team.id]);
    expect(await found(`userName eq ${ada.userName}`)).toEqual([ada.id]);
    expect(await found(`id eq ${ada.id}`)).toEqual([ada.id]);
    expect(await found(`emails[type eq work].value eq ${value}`)).toEqual([ada.id]);
    expect(await found(`${ENTERPRISE.toUpperCase()}:EMPLOYEENUMBER eq ${employeeNumber}`)).toEqual([ada.id]);
    expect(await found(`userName eq "${ada.userName}x"`)).toEqual([]);
  });

  it('Q39: read + as a space, and %2B as a plus', async () => {
    const number = ++made;
    const { id } = await user({ externalId: `a+b c ${number}` });
    const { json } = await wire.get(`/v2/Users?filter=externalId+eq+%22a%2Bb+c+${number}%22`);
    expect(json?.Resources?.map((each) => each.id)).toEqual([id]);
  });

  it('Q51: check a reference with `and`, quoted or not, by an unqualified name', async () => {
    const boss = await user();
    const ada = await user({ [ENTERPRISE]: { manager: { value: boss.id } } });
    const team = await group({ members: listed(ada.id) });
    expect(await found(`id eq ${ada.id} and manager eq ${boss.id}`)).toEqual([ada.id]);
    expect(await found(`id eq ${boss.id} and manager eq ${ada.id}`)).toEqual([]);
    expect(await found(`id eq "${team.id}" and members eq "${ada.id}"`, 'Groups')).toEqual([team.id]);
    expect(await found(`members eq "${boss.id}" and id eq "${team.id}"`, 'Groups')).toEqual([]);
    expect(await found(`members eq "${ada.id}" and id eq "${team.id}"`, 'Groups')).toEqual([team.id]);
    const filter = `filter=id+eq+${ada.id}+and+manager+eq+${boss.id}`;
    for (const query of [`${filter}&attributes=id`, `attributes=id&${filter}`]) {
      const { json } = await wire.get(`/v2/Users?${query}`);
      expect(json?.Resources).toEqual([{ id: ada.id, schemas: expect.any(Array) }]);
    }
  });
});

describe('the wire', () => {
  const isScim = ({ headers, json }: Answer) => {
    expect(headers['content-type']).toMatch(/^application\/scim\+json/);
    expect(json).toBeInstanceOf(Object);
  };

  it('Q20, Q22, Q23, Q45: every answer is SCIM JSON, without Accept and User-Agent, errors and unknown routes too', async () => {
    const { id } = await user();
    for (const path of [
      '/',
      '/v2',
      '/nowhere',
      '/v2/nowhere',
      '/v2/Users',
      `/v2/Users/${id}`,
      `/v2/Users/${NOBODY}`,
      '/v2/Schemas',
      '/v2/Me',
    ]) {
      isScim(await wire.get(path));
      isScim(await wire.get(path, { accept: 'text/html' }));
      isScim(await wire.get(path, { authorization: 'Bearer wrong' }));
    }
  });

  it('Q23, Q45: every answer to a change is SCIM JSON, done or refused', async () => {
    const ada = await user();
    const at = `/v2/Users/${ada.id}`;
    const answers = {
      201: await wire.post('/v2/Users', { userName: `Ada-${++made}@example.com` }),
      200: await wire.patch(at, { op: 'Add', path: 'title', value: 'T' }),
      409: await wire.post('/v2/Users', { userName: ada.userName }),
      400: await wire.post('/v2/Users', {}),
      404: await wire.patch(`/v2/Users/${NOBODY}`, { op: 'Add', path: 'title', value: 'T' }),
      405: await wire.send({ method: 'DELETE', path: '/v2/Users' }),
      412: await wire.send({ method: 'DELETE', path: at, headers: { 'if-match': 'W/"99"' } }),
      415: await wire.send({ method: 'POST', path: '/v2/Users', headers: { 'content-type': 'text/plain' }, body: 'x' }),
      401: await wire.send({ method: 'POST', path: '/v2/Users', headers: { authorization: 'Bearer wrong' }, body: {} }),
    };
    for (const [status, answer] of Object.entries(answers)) {
      expect(String(answer.status)).toBe(status);
      isScim(answer);
      if (Number(status) >= 400) expect(answer.json).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
    }
    const gone = await wire.send({ method: 'DELETE', path: at });
    expect([gone.status, gone.text]).toEqual([204, '']);
  });

  it.each(['application/scim+json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/SCIM+JSON'])(
    'Q21: %s is read',
    async (type) => {
      const headers = { 'content-type': type };
      const body = JSON.stringify({ userName: `charset-${++made}`, displayName: 'Zoë' });
      const made201 = await wire.send({ method: 'POST', path: '/v2/Users', headers, body });
      expect(made201).toMatchObject({ status: 201 });
      const path = `/v2/Users/${made201.json?.id ?? ''}`;
      const change = JSON.stringify({ Operations: [{ op: 'Add', path: 'title', value: 'É' }] });
      expect((await wire.send({ method: 'PATCH', path, headers, body: change })).status).toBe(200);
      expect((await wire.get(path)).json).toMatchObject({ displayName: 'Zoë', title: 'É' });
    },
  );

  it('Q50: /Schemas tells types with canonicalValues, booleans as such, and no null', async () => {
    const { text, json } = await wire.get('/v2/Schemas');
    expect(text).not.toContain('null');
    const [{ attributes }] = json?.Resources as unknown as [
      { attributes: { name: string; type: string; subAttributes?: object[] }[] },
    ];
    expect(attributes.find(({ name }) => name === 'active')?.type).toBe('boolean');
    for (const list of ['emails', 'phoneNumbers', 'addresses']) {
      expect(attributes.find(({ name }) => name === list)?.subAttributes).toContainEqual(
        expect.objectContaining({ name: 'type', canonicalValues: expect.arrayContaining(['work']) }),
      );
    }
  });

  it.each(['aadOptscim062020', 'AzureAdScimPatch062020', 'aadOptscim062020=&AzureAdScimPatch2017'])(
    'Q54: the flag %s changes nothing',
    async (flag) => {
      const { id } = await user();
      expect((await wire.get(`/v2/Users/${id}?${flag}`)).status).toBe(200);
      expect((await wire.get(`/v2/Users?${flag}&filter=id+eq+%22${id}%22`)).json?.totalResults).toBe(1);
      const body = { Operations: [{ op: 'Replace', path: 'title', value: 'T' }] };
      expect((await wire.send({ method: 'PATCH', path: `/v2/Users/${id}?${flag}`, body })).json?.title).toBe('T');
    },
  );

  it.each(['/v2?aadOptscim062020', '/v2/?aadOptscim062020', '/v2/?aadOptscim062020&x=1'])(
    'Q54: the flag between base and path, as in %s/Users, changes nothing',
    async (base) => {
      const { status, json } = await wire.post(`${base}/Users`, { userName: `Ada-${++made}@example.com` });
      expect(status).toBe(201);
      const id = json?.id ?? '';
      const body = { Operations: [{ op: 'Replace', path: 'title', value: 'T' }] };
      expect((await wire.send({ method: 'PATCH', path: `${base}/Users/${id}`, body })).status).toBe(200);
      expect((await wire.get(`${base}/Users?filter=id+eq+%22${id}%22`)).json?.Resources).toMatchObject([
        { id, title: 'T' },
      ]);
      expect((await wire.send({ method: 'DELETE', path: `${base}/Users/${id}` })).status).toBe(204);
      expect((await wire.get(`/v2/Users/${id}`)).status).toBe(404);
    },
  );

  it('Q55: 200 requests at once are all served, none answered 429', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => wire.get('/v2/Users?count=1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('Q56: a PATCH without operations is done, and nothing has changed', async () => {
    const before = await user();
    expect(await patched(before)).toEqual(before);
  });

  it('Q60: lists hold whom SCIM has brought, and nobody else', async () => {
    expect(atFirst).toEqual([0, 0, 0]);
    const before = (await wire.get('/v2/Users?count=0')).json?.totalResults ?? NaN;
    await user();
    expect((await wire.get('/v2/Users?count=0')).json?.totalResults).toBe(before + 1);
  });
});
