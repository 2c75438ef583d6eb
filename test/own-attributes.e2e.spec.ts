// What a directory has of its own (`roster schema …`): declared at the command line, and from then on an attribute like any
// other, in this directory and in no other.
import { publicEvent } from '#libs/contracts';
import { eventually } from '#libs/testing';
import { type Embedded, startEmbedded } from './support/embedded.js';
import { Wire } from './support/http.js';
import { roster } from './support/program.js';
import type { Resource } from './support/scim.js';

const URN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
const GROUP_URN = 'urn:example:extension:teams:Group';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

let system: Embedded;
let wire: Wire;
let other: Wire;

const cli = (...args: string[]) => roster(system.environment, ...args);
const schema = (what: string, ...args: string[]) => cli('schema', what, '--directory', 'default', ...args);
const add = (attribute: string, type: string, ...more: string[]) =>
  schema('add', '--urn', URN, '--attribute', attribute, '--type', type, ...more);
const refusalOf = (promise: Promise<string>): Promise<string> =>
  promise.then(
    () => 'it was not refused',
    (error: unknown) => (error as { stderr: string }).stderr,
  );

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  await cli('directory', 'create', '--name', 'other');
  const key = JSON.parse(await cli('key', 'create', '--directory', 'other', '--json')) as { token: string };
  other = new Wire(wire.origin, key.token);
  await add('costNumber', 'string', '--description', 'Where costs go');
  await add('badge', 'string', '--case-exact');
  await add('contractor', 'boolean');
  await add('floor', 'integer');
  await add('share', 'decimal');
  await add('hired', 'dateTime');
  await add('homepage', 'reference');
  await add('skills', 'string', '--multi-valued', '--canonical-value', 'sql', 'go');
  await add('numbers', 'integer', '--multi-valued');
  await add('site', 'complex', '--sub-attribute', 'city', 'zip:integer');
  await schema('add', '--urn', GROUP_URN, '--attribute', 'budget', '--type', 'decimal');
});
afterAll(() => system.end());

const ALL = {
  costNumber: 'CC-1',
  badge: 'aB',
  contractor: true,
  floor: 3,
  share: 0.5,
  hired: '2024-05-13T04:42:34+02:00',
  homepage: 'https://example.com/ada',
  skills: ['sql', 'Go'],
  numbers: [1, 2],
  site: { city: 'Bonn', zip: 53111 },
};

let made = 0;
const user = (own: object = {}, more: object = {}) =>
  wire.make('Users', {
    userName: `ada-${++made}@example.com`,
    ...more,
    ...(Object.keys(own).length > 0 && { [URN]: own }),
  });
const read = async ({ id }: Resource, endpoint = 'Users') => (await wire.get(`/v2/${endpoint}/${id}`)).json as Resource;
const found = async (filter: string, more = '') => {
  const { status, json, text } = await wire.get(`/v2/Users?filter=${encodeURIComponent(filter)}${more}`);
  expect({ status, text }).toEqual({ status: 200, text: expect.any(String) });
  return json?.Resources?.map(({ id }) => id) ?? [];
};

/** A PATCH answered 200 with the user exactly as a GET gives it; what the directory has of its own in it. */
async function patched(before: Resource, ...operations: object[]): Promise<unknown> {
  const { status, json, text } = await wire.patch(`/v2/Users/${before.id}`, ...operations);
  expect({ status, text }).toEqual({ status: 200, text: expect.any(String) });
  const after = await read(before);
  expect(after).toEqual(json);
  return after[URN];
}

describe('an attribute of a directory’s own', () => {
  it('is taken in a POST and a PUT and given back, its URN among the schemas', async () => {
    const made = await user(ALL, { schemas: [CORE] });
    expect(made).toMatchObject({ schemas: [CORE, URN], [URN]: ALL });
    expect(await read(made)).toEqual(made);
    const { userName } = made;
    const { status, json } = await wire.send({
      method: 'PUT',
      path: `/v2/Users/${made.id}`,
      body: { userName, [`${URN}:costNumber`]: 'CC-2', [URN.toUpperCase()]: { FLOOR: '4' } },
    });
    expect([status, json?.[URN]]).toEqual([200, { costNumber: 'CC-2', floor: 4 }]);
  });

  it('is written leniently, as Entra writes it', async () => {
    const sent = {
      contractor: 'True',
      floor: '3',
      share: '0.50',
      hired: '2024-05-13',
      skills: 'sql',
      site: { ZIP: '53111' },
    };
    expect((await user(sent))[URN]).toEqual({
      contractor: true,
      floor: 3,
      share: 0.5,
      hired: '2024-05-13T00:00:00.000Z',
      skills: ['sql'],
      site: { zip: 53111 },
    });
    const listed = await user({ skills: [{ value: 'a' }, { value: 'b' }, 'a'], numbers: ['1', 2, ''], costNumber: '' });
    expect(listed[URN]).toEqual({ skills: ['a', 'b'], numbers: [1, 2] });
    expect(await user({ costNumber: null, skills: [] })).not.toHaveProperty([URN]);
  });

  it.each([
    ['costNumber', 5],
    ['costNumber', ['a']],
    ['contractor', 'maybe'],
    ['floor', 1.5],
    ['floor', '1e99'],
    ['floor', true],
    ['share', 'half'],
    ['hired', '2024-02-30T00:00:00Z'],
    ['hired', 'yesterday'],
    ['skills', [1]],
    ['numbers', ['one']],
    ['site', 'Bonn'],
    ['site', { zip: 'x' }],
  ])('is refused with the wrong type, and named: %s %j', async (name, value) => {
    const refusal = {
      status: 400,
      json: { scimType: 'invalidValue', detail: expect.stringContaining(`${URN}:${name}`) },
    };
    expect(await wire.post('/v2/Users', { userName: `x${++made}`, [URN]: { [name]: value } })).toMatchObject(refusal);
    const { id } = await user();
    const operation = { op: 'Add', path: `${URN}:${name}`, value };
    expect(await wire.patch(`/v2/Users/${id}`, operation)).toMatchObject(refusal);
  });

  it('is patched in every form of path (Q8)', async () => {
    const before = await user();
    expect(await patched(before, { op: 'Add', path: `${URN}:costNumber`, value: 'CC-1' })).toEqual({
      costNumber: 'CC-1',
    });
    expect(
      await patched(before, { op: 'replace', value: { [`${URN}:costNumber`]: 'CC-2', [`${URN}:floor`]: '7' } }),
    ).toEqual({
      costNumber: 'CC-2',
      floor: 7,
    });
    expect(await patched(before, { op: 'add', value: { [URN]: { contractor: 'False' } } })).toMatchObject({
      contractor: false,
    });
    expect(await patched(before, { op: 'add', path: URN, value: { share: 1.25 } })).toMatchObject({
      share: 1.25,
      floor: 7,
    });
    expect(await patched(before, { op: 'Replace', path: `${URN}.badge`, value: 'B' })).toMatchObject({ badge: 'B' });
    expect(await patched(before, { op: 'Replace', path: `${URN}:site.city`, value: 'Ulm' })).toMatchObject({
      site: { city: 'Ulm' },
    });
    expect(await patched(before, { op: 'Replace', value: { [`${URN}:site.zip`]: 89073 } })).toMatchObject({
      site: { city: 'Ulm', zip: 89073 },
    });
    expect(await patched(before, { op: 'replace', path: 'costNumber', value: 'bare' })).toMatchObject({
      costNumber: 'bare',
    });
    expect(await patched(before, { op: 'Remove', path: `${URN}:costNumber` })).not.toHaveProperty('costNumber');
    expect(await patched(before, { op: 'Replace', path: `${URN}:floor`, value: '' })).not.toHaveProperty('floor');
    expect(await patched(before, { op: 'remove', path: URN })).toBeUndefined();
    expect((await read(before)).schemas).toEqual([CORE]);
  });

  it('that has a list of values is a set', async () => {
    const before = await user({ skills: ['a'] });
    const path = `${URN}:skills`;
    expect(await patched(before, { op: 'Add', path, value: ['b', 'a'] })).toEqual({ skills: ['a', 'b'] });
    const { version } = (await read(before)).meta;
    expect(await patched(before, { op: 'Add', path, value: 'b' })).toEqual({ skills: ['a', 'b'] });
    expect((await read(before)).meta.version).toBe(version);
    expect(await patched(before, { op: 'Add', path, value: [{ value: 'c' }] })).toEqual({ skills: ['a', 'b', 'c'] });
    expect(await patched(before, { op: 'Remove', path, value: ['a'] })).toEqual({ skills: ['b', 'c'] });
    expect(await patched(before, { op: 'remove', path: `${path}[value eq "b"]` })).toEqual({ skills: ['c'] });
    expect(await patched(before, { op: 'replace', path: `${path}[value eq "c"].value`, value: 'd' })).toEqual({
      skills: ['d'],
    });
    expect(await patched(before, { op: 'Replace', path, value: ['x', 'y'] })).toEqual({ skills: ['x', 'y'] });
    expect(await patched(before, { op: 'Remove', path })).toBeUndefined();
    const numbers = `${URN}:numbers`;
    expect(await patched(before, { op: 'add', value: { [numbers]: ['3', 4] } })).toEqual({ numbers: [3, 4] });
    expect(await patched(before, { op: 'remove', path: numbers, value: [3] })).toEqual({ numbers: [4] });
    expect(await patched(before, { op: 'remove', path: `${numbers}[value gt 3]` })).toBeUndefined();
  });

  it('is what users are found by', async () => {
    const [one, two] = [
      await user({ ...ALL, costNumber: 'find-1', badge: 'xY' }),
      await user({ costNumber: 'find-2', floor: 12 }),
    ];
    const mine = `${URN}:costNumber sw "find-"`;
    const ids = async (filter: string) => found(`${mine} and ${filter}`);
    expect(await found(`${URN}:costNumber eq "FIND-1"`)).toEqual([one.id]);
    expect(await found('costNumber eq "find-2"')).toEqual([two.id]);
    expect(await ids(`${URN}:badge eq "xY"`)).toEqual([one.id]);
    expect(await ids(`${URN}:badge eq "xy"`)).toEqual([]);
    expect(await ids(`${URN}:contractor eq "True"`)).toEqual([one.id]);
    expect(await ids(`${URN}:floor gt 4`)).toEqual([two.id]);
    expect(await ids(`${URN}:floor eq "3"`)).toEqual([one.id]);
    expect(await ids(`${URN}:share le 0.5`)).toEqual([one.id]);
    expect(await ids(`${URN}:hired eq "2024-05-13T02:42:34Z"`)).toEqual([one.id]);
    expect(await ids(`${URN}:hired lt "2024-05-13"`)).toEqual([]);
    expect(await ids(`${URN}:skills eq "go"`)).toEqual([one.id]);
    expect(await ids(`${URN}:skills[value sw "s" and value ew "l"]`)).toEqual([one.id]);
    expect(await ids(`${URN}:skills.value pr`)).toEqual([one.id]);
    expect(await ids(`not (${URN}:numbers eq 2)`)).toEqual([two.id]);
    expect(await ids(`${URN}:numbers[value ge 2]`)).toEqual([one.id]);
    expect(await ids(`${URN}:site.zip eq 53111`)).toEqual([one.id]);
    expect(await ids(`${URN}:site[city eq "bonn"]`)).toEqual([one.id]);
    for (const filter of [`${URN}:floor eq "three"`, `${URN}:floor co 3`, `${URN}:hired sw "2024"`]) {
      const { status, json } = await wire.get(`/v2/Users?filter=${encodeURIComponent(filter)}`);
      expect([filter, status, json?.scimType]).toEqual([filter, 400, 'invalidFilter']);
    }
  });

  it('is what lists are sorted by: numbers as numbers, times as times', async () => {
    const own = [
      { floor: 10, hired: '2024-01-01T12:00:00+14:00' },
      { floor: 9, hired: '2024-01-01T00:00:00Z' },
      { floor: -1, hired: '2023-12-31T23:00:00Z' },
    ];
    const [ten, nine, below] = await Promise.all(own.map((each) => user({ ...each, costNumber: 'sort' })));
    const by = (what: string) => found(`${URN}:costNumber eq "sort"`, `&sortBy=${URN}:${what}`);
    expect(await by('floor')).toEqual([below?.id, nine?.id, ten?.id]);
    expect(await by('floor&sortOrder=descending')).toEqual([ten?.id, nine?.id, below?.id]);
    expect(await by('hired')).toEqual([ten?.id, below?.id, nine?.id]);
    const filter = encodeURIComponent(`${URN}:costNumber eq "sort"`);
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path = `/v2/Users?filter=${filter}&sortBy=${URN}:floor&count=1&cursor=${cursor}`;
      const { json } = await wire.get(path);
      seen.push(...(json?.Resources ?? []).map(({ id }) => id));
      cursor = json?.nextCursor;
    }
    expect(seen).toEqual([below?.id, nine?.id, ten?.id]);
  });

  it('is chosen and left out by name', async () => {
    const { id } = await user({ costNumber: 'CC', floor: 1 });
    const chosen = await wire.get(`/v2/Users/${id}?attributes=${URN}:costNumber`);
    expect(chosen.json).toEqual({ schemas: [CORE, URN], id, [URN]: { costNumber: 'CC' } });
    expect((await wire.get(`/v2/Users/${id}?attributes=${URN}`)).json?.[URN]).toEqual({ costNumber: 'CC', floor: 1 });
    expect((await wire.get(`/v2/Users/${id}?excludedAttributes=${URN}:floor`)).json?.[URN]).toEqual({
      costNumber: 'CC',
    });
  });

  it('is taken in bulk', async () => {
    const data = { userName: `bulk-${++made}`, [URN]: { floor: '5' } };
    const { json } = await wire.post('/v2/Bulk', {
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data },
        { method: 'POST', path: '/Users', bulkId: 'b', data: { userName: `bulk-${++made}`, [URN]: { floor: 'x' } } },
      ],
    });
    expect(json?.Operations?.map(({ status }) => status)).toEqual(['201', '400']);
    expect(await found(`${URN}:floor eq 5`)).toHaveLength(1);
  });

  it('belongs to groups where its URN says so', async () => {
    const { id } = await wire.make('Groups', { displayName: 'Budgeted', [GROUP_URN]: { budget: '10.5' } });
    await wire.patch(`/v2/Groups/${id}`, { op: 'Replace', path: `${GROUP_URN}:budget`, value: '12.5' });
    expect((await wire.get(`/v2/Groups/${id}`)).json).toMatchObject({ [GROUP_URN]: { budget: 12.5 } });
    const { json } = await wire.get(`/v2/Groups?filter=${encodeURIComponent(`${GROUP_URN}:budget gt 12`)}`);
    expect(json?.Resources?.map((group) => group.id)).toEqual([id]);
    expect((await user({}, { [GROUP_URN]: { budget: 1 } }))[GROUP_URN]).toBeUndefined();
  });

  it('is told by /Schemas and /ResourceTypes to who comes with a key of its directory, and to nobody else', async () => {
    const { json } = await wire.get(`/v2/Schemas/${URN}`);
    expect(json?.attributes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'costNumber',
          type: 'string',
          description: 'Where costs go',
          caseExact: false,
        }),
        expect.objectContaining({ name: 'badge', caseExact: true }),
        expect.objectContaining({ name: 'skills', multiValued: true, canonicalValues: ['sql', 'go'] }),
        expect.objectContaining({
          name: 'site',
          subAttributes: expect.arrayContaining([expect.objectContaining({ name: 'zip' })]),
        }),
      ]),
    );
    expect((await wire.get('/v2/ResourceTypes/User')).json?.schemaExtensions).toContainEqual({
      schema: URN,
      required: false,
    });
    expect((await wire.get('/v2/ResourceTypes/Group')).json?.schemaExtensions).toEqual([
      { schema: GROUP_URN, required: false },
    ]);
    for (const stranger of [other, new Wire(wire.origin, 'wrong')]) {
      expect((await stranger.get(`/v2/Schemas/${URN}`)).status).toBe(404);
      expect(JSON.stringify((await stranger.get('/v2/ResourceTypes')).json)).not.toContain(URN);
    }
  });

  it('means nothing in another directory: ignored as before, never refused', async () => {
    const made = await other.make('Users', { userName: 'ada', [URN]: { costNumber: 5 }, [`${URN}:floor`]: 'x' });
    expect(made).not.toHaveProperty([URN]);
    expect((await other.patch(`/v2/Users/${made.id}`, { op: 'Add', path: `${URN}:floor`, value: 'x' })).status).toBe(
      200,
    );
    expect((await other.get(`/v2/Users?filter=${encodeURIComponent(`${URN}:floor eq "x"`)}`)).json?.totalResults).toBe(
      0,
    );
    const undeclared = await user({ shoeSize: 44, costNumber: 'known' });
    expect(undeclared[URN]).toEqual({ costNumber: 'known' });
  });

  it('may be something else in another directory, and neither disturbs the other', async () => {
    const own = (attribute: string, ...more: string[]) =>
      cli('schema', 'add', '--directory', 'other', '--urn', URN, '--attribute', attribute, ...more);
    await own('floor', '--type', 'string');
    await own('numbers', '--type', 'string');
    await own('hired', '--type', 'string');
    const there = { floor: 'ground', numbers: 'none', hired: '2024-02-30T00:00:00Z' };
    await other.make('Users', { userName: 'there', [URN]: there });
    const here = await user({ floor: 77, numbers: [77], hired: '2077-01-01T00:00:00Z' });
    for (const filter of ['floor eq 77', 'numbers eq 77', 'numbers[value gt 76]', 'hired ge "2077-01-01"']) {
      expect([filter, await found(`${URN}:${filter}`)]).toEqual([filter, [here.id]]);
    }
    expect(
      (await other.get(`/v2/Users?filter=${encodeURIComponent(`${URN}:floor eq "Ground"`)}`)).json?.totalResults,
    ).toBe(1);
  });

  it('is in the events of users as a client sees it, and its declaration is an event too', async () => {
    const made = await user({ costNumber: 'event' });
    await wire.patch(`/v2/Users/${made.id}`, { op: 'Replace', path: `${URN}:costNumber`, value: 'event-2' });
    const lines = (await cli('events', 'tail', '--directory', 'default', '--json')).trim().split('\n');
    const events = lines.map((line) => publicEvent.parse(JSON.parse(line)));
    const [created, updated] = events.filter(({ subject }) => subject === made.id);
    expect(created?.data.resource).toMatchObject({ schemas: [CORE, URN], [URN]: { costNumber: 'event' } });
    expect(updated?.data).toMatchObject({
      resource: { schemas: [CORE, URN], [URN]: { costNumber: 'event-2' } },
      changes: [{ path: `${URN}:costNumber`, before: 'event', after: 'event-2' }],
    });
    const [declared] = events.filter(({ type }) => type === 'directory.schema.extended.v1');
    expect(declared?.data).toMatchObject({
      resource: { id: URN, attributes: [{ name: 'costNumber' }] },
      actor: { kind: 'operator' },
    });
  });
});

describe('the command line', () => {
  it('changes nothing when an attribute is added again, and refuses a contradiction in words that name both', async () => {
    const sequence = async () =>
      (await cli('events', 'tail', '--directory', 'default', '--json')).trim().split('\n').length;
    const before = await sequence();
    await add('costNumber', 'string');
    expect(await sequence()).toBe(before);
    const refusal = await refusalOf(add('costNumber', 'integer', '--multi-valued'));
    expect(refusal).toBe(
      `costNumber of ${URN} is a string, and cannot become a multi-valued integer: choose another name.\n`,
    );
    expect(await refusalOf(schema('add', '--urn', CORE, '--attribute', 'a'))).toMatch(/belongs to SCIM itself/);
    expect(await refusalOf(add('a', 'text'))).toMatch(/Allowed choices are/);
  });

  it('lists and shows what a directory has of its own', async () => {
    const list = await schema('list');
    expect(list).toMatch(/^ATTRIBUTE +TYPE +OF +URN\ncostNumber +string +User +urn:/);
    expect(list).toMatch(/^skills +string list +User/m);
    expect(list).toMatch(/^budget +decimal +Group/m);
    const [first] = (await schema('list', '--json')).split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ urn: URN, name: 'costNumber', type: 'string' });
    expect(JSON.parse(await schema('show', '--urn', URN))).toMatchObject({
      id: URN,
      attributes: { floor: { type: 'integer' } },
    });
  });

  it('withdraws an attribute: nobody sees its values, the next change deletes them, and it comes back as what it was', async () => {
    await add('secret', 'string');
    const [still, changed] = [await user({ secret: 's', floor: 1 }), await user({ secret: 's', floor: 1 })];
    await schema('remove', '--urn', URN, '--attribute', 'secret');
    expect((await read(still))[URN]).toEqual({ floor: 1 });
    expect(await found(`${URN}:secret pr`)).toEqual([]);
    expect(await patched(changed, { op: 'Replace', path: `${URN}:floor`, value: 1 })).toEqual({ floor: 1 });
    expect((await read(changed)).meta.version).toBe(changed.meta.version);
    expect(await patched(changed, { op: 'Replace', path: `${URN}:floor`, value: 2 })).toEqual({ floor: 2 });
    expect((await user({ secret: 's' }))[URN]).toBeUndefined();
    expect(JSON.stringify((await wire.get(`/v2/Schemas/${URN}`)).json)).not.toContain('secret');
    expect(await refusalOf(add('secret', 'boolean'))).toMatch(
      /was, when it was withdrawn, a string, and cannot become a boolean/,
    );
    await add('secret', 'string');
    expect([(await read(still))[URN], (await read(changed))[URN]]).toEqual([{ secret: 's', floor: 1 }, { floor: 2 }]);
    expect(await refusalOf(schema('remove', '--urn', URN, '--attribute', 'shoeSize'))).toMatch(
      /has no attribute shoeSize/,
    );
  });
});

describe('a system that starts again', () => {
  it('knows its attributes from the first request on', async () => {
    const { id } = await user({ floor: 8 });
    await system.restart();
    expect((await wire.get(`/v2/Users/${id}`)).json?.[URN]).toEqual({ floor: 8 });
    expect((await user({ floor: '9' }))[URN]).toEqual({ floor: 9 });
    await eventually(async () => (await wire.get(`/v2/Schemas/${URN}`)).status === 200, { timeoutMs: 1_000 });
  });
});
