import type { Settings } from '../src/play.js';
import { enterpriseOf, isObject, objects, type Json } from './small-patch.js';
import { chaos, run } from './run.js';
import { error, smallServer, type Faults } from './small-server.js';

let server: Awaited<ReturnType<typeof smallServer>>;

const start = async (faults?: Faults) => {
  server = await smallServer(faults);
};

afterEach(() => server.close());

const isUser = (resource: Json) => 'userName' in resource;
const users = () => [...(server.resources.Users?.values() ?? [])];

/** Changes every user on its way out. */
const showing = (change: (user: Json) => Json): Faults => ({
  shown: (resource) => (isUser(resource) ? change(resource) : resource),
});

/** Changes what a PATCH of a group leaves behind. */
const keeping = (change: (before: Json, after: Json) => Json): Faults => ({
  kept: (before, after) => ('displayName' in after && !isUser(after) ? change(before, after) : after),
});

const membersOf = (group: Json) => objects(group.members);

const faulty: [fault: string, faults: Faults, reason: string, settings?: Partial<Settings>][] = [
  [
    'loses a member',
    keeping((before, after) => ({ ...after, members: before.members ?? [] })),
    'check a group: members are missing',
  ],
  [
    'empties a group when one member leaves',
    keeping((before, after) =>
      membersOf(after).length < membersOf(before).length ? { ...after, members: [] } : after,
    ),
    'check a group: members are missing',
  ],
  [
    'takes what is added to a group for all of it',
    keeping((before, after) =>
      membersOf(after).length > membersOf(before).length
        ? { ...after, members: membersOf(after).slice(membersOf(before).length) }
        : after,
    ),
    'check a group: members are missing',
  ],
  [
    'keeps whoever was removed',
    keeping((before, after) =>
      membersOf(after).length < membersOf(before).length ? { ...after, members: before.members } : after,
    ),
    'check a group: members are still there',
  ],
  [
    'empties a group that is renamed',
    keeping((before, after) => (before.displayName === after.displayName ? after : { ...after, members: [] })),
    'check a group: members are missing',
  ],
  [
    'cuts off the members of a large group',
    {
      shown: (resource) =>
        'members' in resource ? { ...resource, members: membersOf(resource).slice(0, 5) } : resource,
    },
    'check a group: members are missing',
  ],
  [
    'takes the disabled out of their groups',
    {
      kept: (_, after) => {
        for (const group of after.active === false ? (server.resources.Groups?.values() ?? []) : []) {
          group.members = membersOf(group).filter(({ value }) => value !== after.id);
        }
        return after;
      },
    },
    'check a group: members are missing',
  ],
  [
    'shows members that were excluded',
    { shown: (resource) => (isUser(resource) ? resource : { ...resource, members: [] }) },
    'read a group: members came back although they were excluded',
  ],
  [
    'looks at only one term of a filter',
    {
      instead: ({ url }) => {
        const filter = new URL(url, 'http://localhost').searchParams.get('filter') ?? '';
        const id = /id eq "([^"]*)" and|and id eq "([^"]*)"/.exec(filter)?.slice(1).join('') ?? '';
        const found = server.resources.Groups?.get(id);
        return found && listOf([{ ...found, members: undefined }]);
      },
    },
    'check a member by filter: the group was found by somebody who is not in it',
  ],
  [
    'answers active as a text',
    showing((user) => ({ ...user, active: String(user.active) })),
    'create a user: active is a string, not a boolean',
  ],
  [
    'answers the manager as a text',
    showing((user) => withManager(user, (manager) => manager?.value)),
    'update a user: the manager is not an object with a value',
  ],
  [
    'does not answer the manager',
    showing((user) => withManager(user, () => undefined)),
    'check a user: the manager is not who was sent',
  ],
  [
    'answers addresses as texts',
    showing((user) => ({ ...user, emails: objects(user.emails).map(({ value }) => value) })),
    'create a user: emails is not a list of objects',
  ],
  [
    'writes addresses in small letters',
    showing((user) => ({
      ...user,
      emails: objects(user.emails).map((email) => ({ ...email, value: String(email.value).toLowerCase() })),
    })),
    'create a user: emails[type eq "work"].value came back differently',
  ],
  [
    'tidies up phone numbers',
    { shown: (resource) => JSON.parse(JSON.stringify(resource).replaceAll('+1 (425) 555-', '+1425555')) as Json },
    'create a user: phoneNumbers[type eq "work"].value came back differently',
  ],
  [
    'keeps one role of several',
    showing((user) => ({ ...user, roles: objects(user.roles).slice(0, 1) })),
    'create a user: roles came back differently',
  ],
  [
    'reads the document in a role',
    showing((user) => ({ ...user, roles: objects(user.roles).map(({ value }) => JSON.parse(String(value)) as Json) })),
    'create a user: roles came back differently',
    { roles: 'text' },
  ],
  [
    'makes a second element for a second part of an address',
    {
      kept: (before, after) =>
        JSON.stringify(before.addresses) === JSON.stringify(after.addresses)
          ? after
          : { ...after, addresses: objects(after.addresses).map(({ type, formatted }) => ({ type, formatted })) },
    },
    'check a user: addresses[type eq "work"].streetAddress is not what was sent',
  ],
  [
    'loses the parts of a name that are not written',
    {
      kept: (before, after) =>
        JSON.stringify(before.name) === JSON.stringify(after.name) ? after : { ...after, name: { familyName: 'X' } },
    },
    'check a user: name.givenName is not what was sent',
  ],
  [
    'keeps a dotted key as it is',
    {
      kept: (before, after) => ({ ...after, name: before.name, 'name.familyName': 'X' }),
    },
    'check a user: name.familyName is not what was sent',
  ],
  ['says yes to a PATCH and does nothing', { kept: (before) => before }, 'check a user: active is not what was sent'],
  [
    'does not know a text that says False',
    { kept: (before, after) => ({ ...after, active: before.active }) },
    'check a user: active is not what was sent',
  ],
  [
    'hides the disabled',
    {
      instead: ({ method, url }) =>
        method === 'GET' && url.includes('filter') && /Users/i.test(url) && isAboutDisabled(url)
          ? listOf([])
          : undefined,
    },
    'check a user: a disabled user is not found by the filter',
  ],
  [
    'ignores the filter',
    {
      instead: ({ method, url }, count) =>
        count > 2 && method === 'GET' && url.includes('Users?filter') ? listOf(users()) : undefined,
    },
    'match users by userName: the filter was not obeyed',
  ],
  [
    'counts wrongly',
    {
      instead: ({ method, url }, count) =>
        count > 2 && method === 'GET' && url.includes('Users?filter')
          ? { status: 200, body: { ...listOf([]).body, totalResults: 7 } }
          : undefined,
    },
    'match users by userName: totalResults is not the number of Resources',
  ],
  [
    'answers 404 where nobody is found',
    {
      instead: ({ method, url }, count) =>
        count > 2 && method === 'GET' && url.includes('filter') ? error(404) : undefined,
    },
    'match users by userName: answered 404 instead of 200',
  ],
  [
    'refuses to delete',
    { instead: ({ method }) => (method === 'DELETE' ? error(500) : undefined) },
    'delete a user: answered 500 instead of 204',
  ],
  [
    'says that it deleted and does not',
    { instead: ({ method }) => (method === 'DELETE' ? { status: 204 } : undefined) },
    'check a deleted user: answered 200 instead of 404',
  ],
  [
    'answers in plain JSON',
    {
      instead: ({ method }) =>
        method === 'POST' ? { ...error(201), headers: { 'Content-Type': 'application/json' } } : undefined,
    },
    'the answer is application/json, not application/scim+json',
  ],
  [
    'does not say where a new user is',
    {
      instead: ({ method, body }) =>
        method === 'POST' ? { status: 201, body: { ...(body as Json), id: '1' } } : undefined,
    },
    'create a user: no Location header that names the resource',
  ],
  [
    'takes offence at a role without a value',
    {
      instead: ({ body }) =>
        JSON.stringify(body ?? {}).includes('"roles":[]') ? error(400, 'invalidValue') : undefined,
    },
    'create a user: answered 400 invalidValue instead of 201',
  ],
  [
    'takes offence at small letters in an address',
    { instead: ({ url }) => (/\/users\b/.test(url) ? error(404) : undefined) },
    'create a user: answered 404 instead of 201',
    chaos,
  ],
  [
    'takes offence at an empty text',
    {
      instead: ({ body }) =>
        JSON.stringify(body ?? {}).includes('"value":""') ? error(400, 'invalidValue') : undefined,
    },
    'update a user: answered 400 invalidValue instead of 200 or 204',
    { ...chaos, sizes: { users: 200, groups: 1, members: 1 } },
  ],
];

const isAboutDisabled = (url: string) =>
  users().some(({ active, userName }) => active === false && url.includes(encodeURIComponent(String(userName))));

function withManager(user: Json, change: (manager: Json | undefined) => unknown): Json {
  const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const { manager, ...rest } = enterpriseOf(user);
  const changed = change(isObject(manager) ? manager : undefined);
  return { ...user, [urn]: changed === undefined ? rest : { ...rest, manager: changed } };
}

const listOf = (Resources: readonly Json[]) => {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return { status: 200, body: { schemas, totalResults: Resources.length, Resources } };
};

describe('a server that', () => {
  it.each(faulty)('%s fails, and the reason is told', async (_, faults, reason, settings = {}) => {
    await start(faults);
    const { reasons, total } = await run(server, { cycles: 4, roles: 'complex', ...settings });

    expect(total.failed).toBeGreaterThan(0);
    expect(reasons.map((one) => one.reason)).toContain(reason);
    expect(reasons[0]?.examples[0]).toHaveProperty('object');
  });

  it('has two users of one name has that one skipped, and counted', async () => {
    await start();
    await run(server, { cycles: 1 });
    const [ada] = server.resources.Users?.values() ?? [];
    server.resources.Users?.set('twin', { ...ada, id: 'twin' });

    const { reasons, duplicates, total, inEscrow } = await run(server, { cycles: 1 });
    expect(reasons).toEqual([]);
    expect(duplicates).toMatchObject([{ reason: 'match users by userName: DuplicateTargetEntries', count: 1 }]);
    expect(total).toMatchObject({ failed: 0, duplicates: 1, writes: 0 });
    expect(inEscrow).toBeGreaterThanOrEqual(1);
  });

  it('knows the caller no more is not asked again', async () => {
    await start();
    const { total, stopped } = await run(server, { token: 'a-false-token' });

    expect(stopped).toContain('refused the token');
    expect(total).toMatchObject({ failed: 1, requests: 1, writes: 0 });
  });

  it('finds somebody whom nobody can know would be quarantined', async () => {
    await start({ instead: ({ url }) => (url.includes('/Groups') ? error(404) : undefined) });
    const { stopped } = await run(server);
    expect(stopped).toContain('test connection (Groups): answered 404 instead of 200');
  });
});
