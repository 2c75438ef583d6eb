import { type Embedded, startEmbedded } from './support/embedded.js';
import type { Body, Sent, Wire } from './support/http.js';
import { roster } from './support/program.js';
import type { Resource } from './support/scim.js';

const NOBODY = '01900000-0000-7000-8000-000000000000';
const JSON_TYPES = [
  'application/scim+json',
  'application/scim+json; charset=utf-8',
  'application/json',
  'Application/JSON;charset="UTF-8"; odd=1',
];
const MIB = 1024 * 1024;

let system: Embedded;
let wire: Wire;
let ada: Resource;
let team: Resource;

beforeAll(async () => {
  system = await startEmbedded();
  wire = system.wire;
  ada = await wire.make('Users', { userName: 'ada@example.com', displayName: 'Ada', externalId: 'a+b c' });
  team = await wire.make('Groups', { displayName: 'Analysts', members: [{ value: ada.id }] });
});
afterAll(() => system.end());

interface Expected {
  status: number;
  scimType?: string;
  detail?: RegExp;
  headers?: Record<string, unknown>;
  /** What the body has to hold. */
  body?: object;
  /** What the body must not have. */
  lacks?: string;
  /** No body at all. */
  isEmpty?: true;
}

/** One row: what is asked, in words; the request; what must come back. */
type Row = [string, () => Sent, Expected];

const get = (path: () => string, headers?: Record<string, string>) => (): Sent => ({ path: path(), headers });
const plain = (path: string, headers?: Record<string, string>) => get(() => path, headers);
const user = () => `/v2/Users/${ada.id}`;
const group = () => `/v2/Groups/${team.id}`;
const send =
  (method: string, path: string | (() => string), body?: unknown, headers?: Record<string, string>) => () => ({
    method,
    path: typeof path === 'string' ? path : path(),
    body,
    headers,
  });
let made = 0;
const fresh = () => ({ userName: `user-${++made}@example.com` });
const setTitle = (title: string) => ({ Operations: [{ op: 'replace', path: 'title', value: title }] });
const list = (totalResults: number) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults,
});

const reading: Row[] = [
  ['a user', get(user), { status: 200, body: { userName: 'ada@example.com' }, headers: { etag: 'W/"1"' } }],
  ['a user with its groups', get(user), { status: 200, body: { groups: [{ display: 'Analysts' }] } }],
  ['a user, HEAD', send('HEAD', user), { status: 200, isEmpty: true, headers: { etag: 'W/"1"' } }],
  ['a user, id in capitals', get(() => `/v2/Users/${ada.id.toUpperCase()}`), { status: 200 }],
  ['a user that has not changed', get(user, { 'if-none-match': 'W/"1"' }), { status: 304, isEmpty: true }],
  ['a user, any version known', get(user, { 'if-none-match': '*' }), { status: 304, isEmpty: true }],
  ['a user that has changed', get(user, { 'if-none-match': 'W/"9", "8"' }), { status: 200 }],
  ['a user of another version', get(user, { 'if-match': 'W/"9"' }), { status: 412 }],
  ['an unknown user', plain(`/v2/Users/${NOBODY}`), { status: 404, detail: /no user/ }],
  ['an id that is none', plain('/v2/Users/nobody'), { status: 404 }],
  ['an id longer than any', plain(`/v2/Users/${'x'.repeat(300)}`), { status: 404 }],
  ['an address that cannot be read', plain('/v2/Users/%zz'), { status: 400, scimType: 'invalidSyntax' }],
  ['a group', get(group), { status: 200, body: { displayName: 'Analysts', members: [{ type: 'User' }] } }],
  ['an unknown group', plain(`/v2/Groups/${NOBODY}`), { status: 404, detail: /no group/ }],
  ['no Accept and no User-Agent', get(user), { status: 200 }],
  ['Accept: text/html', get(user, { accept: 'text/html' }), { status: 200 }],
  ['Accept: application/json', get(user, { accept: 'application/json' }), { status: 200 }],
  [
    'only some attributes',
    get(() => `${user()}?attributes=USERNAME`),
    { status: 200, body: { id: expect.anything() } },
  ],
  ['a feature flag in the address', get(() => `${user()}?aadOptscim062020`), { status: 200 }],
  ['a filter that means nothing here', get(() => `${user()}?filter=nonsense(`), { status: 200 }],
];

const listing: Row[] = [
  ['everybody, HEAD', send('HEAD', '/v2/Users'), { status: 200, isEmpty: true }],
  ['somebody unknown, HEAD', send('HEAD', `/v2/Users/${NOBODY}`), { status: 404, isEmpty: true }],
  ['everybody', plain('/v2/Users?count=1'), { status: 200, body: { startIndex: 1, itemsPerPage: 1 } }],
  ['double slashes', plain('//v2//Users?count=0'), { status: 200 }],
  ['a version with a capital', plain('/V2/Users?count=0'), { status: 200 }],
  ["the configuration by Microsoft's name", plain('/v2/serviceConfiguration'), { status: 200 }],
  ['a slash at the end', plain('/v2/Users/?count=0'), { status: 200 }],
  ['small letters', plain('/v2/users?count=0'), { status: 200 }],
  ['unknown parameters', plain('/v2/Users?count=0&aadOptscim062020&x[y]=1'), { status: 200 }],
  ['nobody', plain('/v2/Users?filter=userName+eq+%22nobody%22'), { status: 200, body: { ...list(0), Resources: [] } }],
  ['one by +', plain('/v2/Users?filter=userName+eq+%22ADA%40example.com%22'), { status: 200, body: list(1) }],
  ['one by %20', plain('/v2/Users?filter=userName%20eq%20%22ada@example.com%22'), { status: 200, body: list(1) }],
  ['a plus in a value', plain('/v2/Users?filter=externalId+eq+%22a%2Bb+c%22'), { status: 200, body: list(1) }],
  [
    'people of a schema',
    plain('/v2/Users?filter=schemas+eq+%22urn:ietf:params:scim:schemas:core:2.0:USER%22'),
    { status: 200, body: list(1) },
  ],
  [
    'people of an extension',
    plain('/v2/Users?filter=schemas+eq+%22urn:ietf:params:scim:schemas:extension:enterprise:2.0:User%22'),
    { status: 200, body: list(0) },
  ],
  ['an unquoted value', plain('/v2/Users?filter=userName+eq+ada@example.com'), { status: 200, body: list(1) }],
  [
    'members of a group',
    get(() => `/v2/Users?filter=groups.value+eq+%22${team.id}%22`),
    { status: 200, body: list(1) },
  ],
  [
    'members of a group by its name',
    plain('/v2/Users?filter=groups.display+eq+%22ANALYSTS%22'),
    { status: 200, body: list(1) },
  ],
  [
    'members of a group, value path',
    plain('/v2/Users?filter=groups[display+sw+%22Ana%22+and+type+eq+%22direct%22]'),
    { status: 200, body: list(1) },
  ],
  ['members of no group', plain('/v2/Users?filter=not+(groups+pr)'), { status: 200, body: list(0) }],
  ['groups with users in them', plain('/v2/Groups?filter=members[type+eq+%22User%22]'), { status: 200, body: list(1) }],
  [
    'groups with groups in them',
    plain('/v2/Groups?filter=members.type+eq+%22Group%22'),
    { status: 200, body: list(0) },
  ],
  [
    'groups by a name that members do not have',
    plain('/v2/Groups?filter=members.display+pr'),
    { status: 400, scimType: 'invalidFilter' },
  ],
  ['groups of a member', get(() => `/v2/Groups?filter=members+eq+%22${ada.id}%22`), { status: 200, body: list(1) }],
  ['without members', plain('/v2/Groups?excludedAttributes=members'), { status: 200, body: list(1) }],
  ['the root', plain('/v2?filter=displayName+eq+%22Analysts%22'), { status: 200, body: list(1) }],
  ['a filter that is none', plain('/v2/Users?filter=userName+is+x'), { status: 400, scimType: 'invalidFilter' }],
  ['a filter with junk', plain('/v2/Users?filter=userName+pr+junk'), { status: 400, scimType: 'invalidFilter' }],
  [
    'a filter of 20,000 characters',
    plain(`/v2/Users?filter=userName+eq+%22${'x'.repeat(20_000)}%22`),
    { status: 400, scimType: 'invalidFilter' },
  ],
  [
    'the flag between base and path',
    plain('/v2/?aadOptscim062020/Users?count=0'),
    { status: 200, body: { itemsPerPage: 0 } },
  ],
  [
    'too deep a filter',
    plain(`/v2/Users?filter=${'('.repeat(9)}a+pr${')'.repeat(9)}`),
    { status: 400, scimType: 'invalidFilter' },
  ],
  ['a count that is none', plain('/v2/Users?count=many'), { status: 400, scimType: 'invalidValue' }],
  ['a count below nothing', plain('/v2/Users?count=-5'), { status: 200, body: { itemsPerPage: 0 } }],
  ['a startIndex below one', plain('/v2/Users?startIndex=0&count=1'), { status: 200, body: { startIndex: 1 } }],
  ['an order that is none', plain('/v2/Users?sortBy=userName&sortOrder=up'), { status: 400, scimType: 'invalidValue' }],
  ['an unknown sortBy', plain('/v2/Users?sortBy=shoeSize'), { status: 200 }],
  ['a cursor of nobody', plain('/v2/Users?cursor=abc'), { status: 400, scimType: 'invalidCursor' }],
  ['a count that is none, by cursor', plain('/v2/Users?cursor&count=x'), { status: 400, scimType: 'invalidCount' }],
  ['a count of nothing, by cursor', plain('/v2/Users?cursor&count=0'), { status: 400, scimType: 'invalidCount' }],
  ['a count below nothing, by cursor', plain('/v2/Users?cursor&count=-1'), { status: 400, scimType: 'invalidCount' }],
  ['a count beyond the largest, by cursor', plain('/v2/Users?cursor&count=5000'), { status: 200 }],
];

const searching: Row[] = [
  [
    'users',
    send('POST', '/v2/Users/.search', { filter: 'userName pr', count: 1 }),
    { status: 200, body: { itemsPerPage: 1 } },
  ],
  [
    'groups',
    send('POST', '/v2/Groups/.search', { filter: 'displayName eq "analysts"' }),
    { status: 200, body: list(1) },
  ],
  [
    'both',
    send('POST', '/v2/.search', { filter: 'displayName sw "a"', attributes: ['displayName'] }),
    { status: 200, body: list(2) },
  ],
  ['with no body', send('POST', '/v2/Users/.search'), { status: 400, scimType: 'invalidSyntax' }],
  ['with a wrong type', send('POST', '/v2/.search', { count: 'a' }), { status: 400, scimType: 'invalidValue' }],
  ['with a bad filter', send('POST', '/v2/.search', { filter: '(' }), { status: 400, scimType: 'invalidFilter' }],
  ['by GET', plain('/v2/.search'), { status: 405, headers: { allow: 'POST, OPTIONS' } }],
];

const writing: Row[] = [
  [
    'a new user',
    send('POST', '/v2/Users', fresh()),
    { status: 201, headers: { etag: 'W/"1"', location: expect.stringMatching(/^http.*\/v2\/Users\/[0-9a-f-]{36}$/) } },
  ],
  ...JSON_TYPES.map((type): Row => [
    `a new user as ${type}`,
    send('POST', '/v2/Users', JSON.stringify(fresh()), { 'content-type': type }),
    { status: 201 },
  ]),
  ['a new user without a content type', send('POST', '/v2/Users', JSON.stringify(fresh())), { status: 201 }],
  ['a new user with a byte order mark', send('POST', '/v2/Users', `\ufeff${JSON.stringify(fresh())}`), { status: 201 }],
  ['a new user, some attributes', send('POST', '/v2/Users?attributes=id', fresh()), { status: 201 }],
  ['text', send('POST', '/v2/Users', '{"userName":"x"}', { 'content-type': 'text/plain' }), { status: 415 }],
  [
    'a form',
    send('POST', '/v2/Users', 'userName=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    { status: 415 },
  ],
  ['JSON of another kind', send('POST', '/v2/Users', '{}', { 'content-type': 'application/jsonp' }), { status: 415 }],
  ['half a body', send('POST', '/v2/Users', '{"userName":'), { status: 400, scimType: 'invalidSyntax' }],
  ['no body', send('POST', '/v2/Users'), { status: 400, scimType: 'invalidSyntax' }],
  ['a list', send('POST', '/v2/Users', []), { status: 400, scimType: 'invalidSyntax' }],
  ['nobody', send('POST', '/v2/Users', {}), { status: 400, scimType: 'invalidValue', detail: /userName/ }],
  [
    'a number as a name',
    send('POST', '/v2/Users', { userName: 5 }),
    { status: 400, scimType: 'invalidValue', detail: /userName/ },
  ],
  ['an empty group', send('POST', '/v2/Groups', {}), { status: 400, scimType: 'invalidValue', detail: /displayName/ }],
  [
    'a second Ada',
    send('POST', '/v2/Users', { userName: 'ADA@example.com' }),
    { status: 409, scimType: 'uniqueness', detail: /userName/ },
  ],
  [
    'a second group',
    send('POST', '/v2/Groups', { displayName: 'analysts' }),
    { status: 409, scimType: 'uniqueness', detail: /displayName/ },
  ],
  [
    'a body over 1 MiB',
    send('POST', '/v2/Users', JSON.stringify({ userName: 'x', title: 'x'.repeat(MIB) })),
    { status: 413 },
  ],
  [
    '21 levels',
    send('POST', '/v2/Users', `${'[{"a":'.repeat(11)}1${'}]'.repeat(11)}`),
    { status: 400, scimType: 'invalidSyntax' },
  ],
  [
    'a PATCH',
    send('PATCH', user, setTitle('Countess')),
    { status: 200, headers: { etag: 'W/"2"' }, body: { title: 'Countess' } },
  ],
  ['the same PATCH again', send('PATCH', user, setTitle('Countess')), { status: 200, headers: { etag: 'W/"2"' } }],
  [
    'a PATCH with attributes',
    send('PATCH', () => `${user()}?attributes=title`, setTitle('Lady')),
    { status: 200, body: { title: 'Lady' } },
  ],
  ['a PATCH of an old version', send('PATCH', user, setTitle('No'), { 'if-match': 'W/"1"' }), { status: 412 }],
  ['a PATCH of this version', send('PATCH', user, setTitle('Dr'), { 'if-match': 'W/"3"' }), { status: 200 }],
  [
    'a PATCH if it is not this version',
    send('PATCH', user, setTitle('No'), { 'if-none-match': 'W/"4"' }),
    { status: 412 },
  ],
  ['a PATCH if it does not exist', send('PATCH', user, setTitle('No'), { 'if-none-match': '*' }), { status: 412 }],
  ['a PATCH of any version', send('PATCH', user, setTitle('Dr'), { 'if-match': '*' }), { status: 200 }],
  ['a PATCH of nobody', send('PATCH', `/v2/Users/${NOBODY}`, setTitle('x')), { status: 404 }],
  ['a PATCH without operations', send('PATCH', user, {}), { status: 400, scimType: 'invalidSyntax' }],
  ['a PATCH with no operation', send('PATCH', user, { Operations: [] }), { status: 200 }],
  [
    'a PATCH with a bad path',
    send('PATCH', user, { Operations: [{ op: 'add', path: '][', value: 1 }] }),
    { status: 400, scimType: 'invalidPath' },
  ],
  [
    'a PATCH without a target',
    send('PATCH', user, { Operations: [{ op: 'remove' }] }),
    { status: 400, scimType: 'noTarget' },
  ],
  [
    'a PATCH that takes the name',
    send('PATCH', user, { Operations: [{ op: 'remove', path: 'userName' }] }),
    { status: 400, scimType: 'invalidValue' },
  ],
  [
    'a PATCH that takes active away',
    send('PATCH', () => `${user()}?attributes=active,title`, { Operations: [{ op: 'remove', path: 'active' }] }),
    { status: 200, body: { title: 'Dr' }, lacks: 'active' },
  ],
  [
    'a PATCH of a group',
    send('PATCH', group, { Operations: [{ op: 'add', path: 'externalId', value: 'g' }] }),
    { status: 204, isEmpty: true, headers: { etag: 'W/"3"' } },
  ],
  [
    'a PATCH of a group with attributes',
    send('PATCH', () => `${group()}?attributes=members`, { Operations: [] }),
    { status: 200, body: { members: [{ type: 'User' }] } },
  ],
  [
    'a PUT',
    send('PUT', user, { userName: 'ada@example.com', displayName: 'Ada' }),
    { status: 200, body: { displayName: 'Ada' } },
  ],
  ['a PUT of an old version', send('PUT', user, fresh(), { 'if-match': '"1"' }), { status: 412 }],
  ['a PUT of nobody', send('PUT', `/v2/Users/${NOBODY}`, fresh()), { status: 404 }],
  ['a PUT without a name', send('PUT', user, {}), { status: 400, scimType: 'invalidValue' }],
  [
    'a PUT of a group',
    send('PUT', group, { displayName: 'Analysts' }),
    { status: 200, body: { displayName: 'Analysts' } },
  ],
  ['a DELETE of an old version', send('DELETE', user, undefined, { 'if-match': 'W/"1"' }), { status: 412 }],
  ['a DELETE of nobody', send('DELETE', `/v2/Users/${NOBODY}`), { status: 404 }],
  ['a DELETE', send('DELETE', user), { status: 204, isEmpty: true }],
  ['a DELETE again', send('DELETE', user), { status: 404 }],
  ['a DELETE of a group', send('DELETE', group), { status: 204, isEmpty: true }],
];

const around: Row[] = [
  ['what it can do', plain('/v2/ServiceProviderConfig'), { status: 200, body: { bulk: { supported: true } } }],
  ['what it can do, without a key', plain('/v2/ServiceProviderConfig', { authorization: '' }), { status: 200 }],
  ['its schemas', plain('/v2/Schemas'), { status: 200, body: list(3) }],
  [
    'a schema',
    plain('/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User'),
    { status: 200, body: { name: 'User' } },
  ],
  ['an unknown schema', plain('/v2/Schemas/urn:x'), { status: 404 }],
  ['filtered schemas', plain('/v2/Schemas?filter=id+pr'), { status: 403 }],
  ['its resource types', plain('/v2/ResourceTypes'), { status: 200, body: list(2) }],
  ['a resource type', plain('/v2/ResourceTypes/User'), { status: 200, body: { endpoint: '/Users' } }],
  ['an unknown resource type', plain('/v2/ResourceTypes/Device'), { status: 404 }],
  ['a POST to the schemas', send('POST', '/v2/Schemas', {}), { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }],
  ['Me', plain('/v2/Me'), { status: 501, detail: /key/ }],
  ['a PATCH of Me', send('PATCH', '/v2/Me', {}), { status: 501 }],
  ['Me, without a key', plain('/v2/Me', { authorization: '' }), { status: 401 }],
  [
    'OPTIONS of users',
    send('OPTIONS', '/v2/Users'),
    { status: 204, isEmpty: true, headers: { allow: 'GET, HEAD, POST, OPTIONS' } },
  ],
  [
    'OPTIONS of a user',
    send('OPTIONS', user),
    { status: 204, isEmpty: true, headers: { allow: 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS' } },
  ],
  [
    'a DELETE of all users',
    send('DELETE', '/v2/Users'),
    { status: 405, headers: { allow: 'GET, HEAD, POST, OPTIONS' } },
  ],
  ['a POST to a user', send('POST', user, {}), { status: 405 }],
  ['the front door', plain('/'), { status: 404 }],
  ['the flag at the base', plain('/v2/?aadOptscim062020'), { status: 200, body: { startIndex: 1 } }],
  ['an unknown endpoint', plain('/v2/Devices'), { status: 404 }],
  ['something below a user', get(() => `${user()}/photo`), { status: 404 }],
  [
    'no key',
    plain('/v2/Users', { authorization: '' }),
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="Roster"' } },
  ],
  [
    'a wrong key',
    plain('/v2/Users', { authorization: 'Bearer x' }),
    { status: 401, headers: { 'www-authenticate': expect.stringContaining('invalid_token') } },
  ],
  ['another scheme', plain('/v2/Users', { authorization: 'Basic eDp5' }), { status: 401 }],
  ['a key in the address', get(() => '/v2/Users?access_token=x', { authorization: '' }), { status: 401 }],
];

async function holds([, request, expected]: Row): Promise<void> {
  const answer = await wire.send(request());
  const { status, scimType, detail, headers = {}, body, lacks, isEmpty } = expected;
  expect({ status: answer.status, text: answer.text }).toEqual({ status, text: expect.anything() });
  expect(answer.headers).toMatchObject({ 'x-request-id': expect.any(String), ...headers });
  if (isEmpty) {
    expect(answer.text).toBe('');
    return;
  }
  expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  if (status >= 400) {
    expect(answer.json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      detail: detail === undefined ? expect.any(String) : expect.stringMatching(detail),
    } satisfies Body);
  }
  if (body !== undefined) expect(answer.json).toMatchObject(body);
  if (lacks !== undefined) expect(answer.json).not.toHaveProperty([lacks]);
}

// In this order, since the last part changes and deletes what the others read.
describe('reading', () => it.each(reading)('%s', (...row) => holds(row)));
describe('listing', () => it.each(listing)('%s', (...row) => holds(row)));
describe('searching', () => it.each(searching)('%s', (...row) => holds(row)));
describe('everything around it', () => it.each(around)('%s', (...row) => holds(row)));
describe('writing', () => it.each(writing)('%s', (...row) => holds(row)));

it('names the place of a resource whenever it shows one, as in its meta', async () => {
  const userName = fresh().userName;
  const made = await wire.post('/v2/Users', { userName });
  const location = made.json?.meta?.location;
  const path = `/v2/Users/${made.json?.id?.toUpperCase()}`;
  const shown: [Sent, number][] = [
    [{ path }, 200],
    [{ path: `${path}?attributes=userName` }, 200],
    [{ path, headers: { 'if-none-match': '*' } }, 304],
    [{ path, method: 'HEAD' }, 200],
    [{ path, method: 'PUT', body: { userName } }, 200],
    [{ path, method: 'PATCH', body: setTitle('Dame') }, 200],
  ];
  expect(made.headers).toMatchObject({ location, 'content-location': location });
  for (const [sent, status] of shown) {
    expect(await wire.send(sent)).toMatchObject({ status, headers: { 'content-location': location } });
  }
  const group = await wire.get(`/v2/Groups/${team.id}`);
  expect(group.headers['content-location']).toBe(group.json?.meta?.location);
  expect((await wire.get(path, { 'if-match': '"9"' })).headers).not.toHaveProperty('content-location');
});

it('answers 413 to a body over 1 MiB that does not say its length', async () => {
  const headers = { 'transfer-encoding': 'chunked', 'content-type': 'application/scim+json' };
  const body = JSON.stringify({ userName: 'x', title: 'x'.repeat(MIB) });
  expect(await wire.send({ method: 'POST', path: '/v2/Users', headers, body })).toMatchObject({
    status: 413,
    headers: { 'content-type': 'application/scim+json; charset=utf-8' },
    json: { status: '413' },
  });
});

it('answers a head that is too long to be read in SCIM too', async () => {
  const answer = await wire.get('/v2/Users', { 'x-long': 'x'.repeat(70_000) });
  expect(answer).toMatchObject({
    status: 431,
    headers: { 'content-type': 'application/scim+json; charset=utf-8' },
    json: { status: '431' },
  });
});

describe('another directory', () => {
  it('is as if it did not exist', async () => {
    const mine = await wire.make('Users', fresh());
    await roster(system.environment, 'directory', 'create', '--name', 'other');
    const key = JSON.parse(await roster(system.environment, 'key', 'create', '--directory', 'other', '--json')) as {
      token: string;
    };
    const foreign = { authorization: `Bearer ${key.token}` };
    const read = await wire.get(`/v2/Users/${mine.id}`, foreign);
    const unknown = await wire.get(`/v2/Users/${NOBODY}`, foreign);
    expect([read.status, read.json]).toEqual([404, unknown.json]);
    const path = `/v2/Users/${mine.id}`;
    expect((await wire.send({ method: 'DELETE', path, headers: foreign })).status).toBe(404);
    expect((await wire.get(path)).status).toBe(200);
  });
});
