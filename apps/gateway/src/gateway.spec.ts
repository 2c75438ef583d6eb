import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type Activity,
  type Envelope,
  type KeyScope,
  type KeyState,
  parseActivity,
  topics,
  writeToken,
} from '#libs/contracts';
import { type CommandLog, Hindrance, InProcessCommandLog, InProcessStateTable } from '#libs/messaging';
import { eventually } from '#libs/testing';
import { ActivityReport } from './activity.js';
import { GatewaySettings } from './gateway.config.js';
import { gatewayUnderTest } from './gateway-under-test.contract.js';

// The gateway by itself, on the bus of one process, with nobody at the other end: what it says when others are away.

const NOBODY = '01900000-0000-7000-8000-000000000000';
const NEIGHBOUR = '01900000-0000-7000-8000-000000000001';

const tokenOf = (id: string) => writeToken('rk', id, '0'.repeat(43));

function key(id: string, scopes: KeyScope[], more: Partial<KeyState> = {}): KeyState {
  const secretSha256 = createHash('sha256').update(tokenOf(id)).digest('hex');
  return { id, directory: NOBODY, secretSha256, scopes, expiresAt: null, status: 'live', version: 1, ...more };
}

const KEYS = [
  key('readonly00', ['scim:read']),
  key('writeonly0', ['scim:write']),
  key('both000000', ['scim:read', 'scim:write']),
  key('revoked000', ['scim:read'], { status: 'revoked' }),
  key('expired000', ['scim:read'], { expiresAt: '2020-01-01T00:00:00.000Z' }),
  key('neighbour0', ['scim:read'], { directory: NEIGHBOUR }),
];

/** A command log whose broker can be away. */
class MovingCommandLog extends InProcessCommandLog {
  isAway = false;

  override send(...args: Parameters<CommandLog['send']>): Promise<void> {
    return this.isAway ? Promise.reject(new Hindrance('the broker is away')) : super.send(...args);
  }
}

let app: NestFastifyApplication;
let heardAt: () => number;
let table: InProcessStateTable;
const commands = new MovingCommandLog(1);

beforeAll(async () => {
  heardAt = () => Date.now();
  table = new InProcessStateTable(() => heardAt());
  app = await gatewayUnderTest({ commands, table, settings: new GatewaySettings('http://x', 100) }, KEYS);
});
afterAll(() => app.close());
afterEach(() => {
  commands.isAway = false;
  heardAt = () => Date.now();
});

async function ask(id: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) {
  const headers = { authorization: `Bearer ${tokenOf(id)}` };
  const { statusCode, headers: answered, body } = await app.inject({ method, url, headers, payload });
  expect(answered['content-type']).toBe('application/scim+json; charset=utf-8');
  return { status: statusCode, headers: answered, json: JSON.parse(body) as { status: string; detail: string } };
}

describe('a key', () => {
  it.each([
    ['readonly00', 'POST', '/v2/Users', 'scim:write'],
    ['readonly00', 'PATCH', `/v2/Groups/${NOBODY}`, 'scim:write'],
    ['readonly00', 'DELETE', `/v2/Users/${NOBODY}`, 'scim:write'],
    ['readonly00', 'POST', '/v2/Bulk', 'scim:write'],
    ['writeonly0', 'GET', '/v2/Users', 'scim:read'],
    ['writeonly0', 'POST', '/v2/.search', 'scim:read'],
    ['writeonly0', 'POST', '/v2/Users/.search', 'scim:read'],
  ] as const)('%s may not %s %s: 403, and which scope it lacks', async (id, method, url, scope) => {
    const { status, headers, json } = await ask(id, method, url, method === 'GET' ? undefined : {});
    expect([status, json.status]).toEqual([403, '403']);
    expect(headers['www-authenticate']).toBe(`Bearer realm="Roster", error="insufficient_scope", scope="${scope}"`);
  });

  it.each([
    ['revoked000', /revoked/],
    ['expired000', /expired/],
    ['unknown000', /No such key/],
  ])('%s is refused with 401 and a reason', async (id, reason) => {
    const { status, headers, json } = await ask(id, 'GET', '/v2/Users');
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    expect(json.detail).toMatch(reason);
  });

  it('is never refused while keys cannot be checked: 503, since Entra stops a job for a 401', async () => {
    heardAt = () => Date.now() - 31_000;
    for (const id of ['both000000', 'unknown000']) {
      const { status, headers } = await ask(id, 'GET', '/v2/Users');
      expect([status, headers['retry-after']]).toEqual([503, '10']);
    }
  });
});

describe('a key that was issued this moment', () => {
  it('is taken though the news of it comes after it', async () => {
    const answer = ask('newborn000', 'GET', '/v2/Me');
    await new Promise((resolve) => setImmediate(resolve));
    const state = key('newborn000', ['scim:read']);
    await table.put(topics.keysState.name, [{ key: state.id, value: JSON.stringify(state) }]);
    expect((await answer).status).toBe(501);
  });
});

describe('who is refused', () => {
  it('is so before the body is read', async () => {
    const headers = { authorization: `Bearer ${tokenOf('revoked000')}` };
    const { statusCode } = await app.inject({ method: 'POST', url: '/v2/Users', headers, payload: '{ broken' });
    expect(statusCode).toBe(401);
  });

  it.each(['Bearer', 'Bearer a b', ''])(
    'is told that the header %j cannot be read, or that there is none',
    async (header) => {
      const { statusCode, headers } = await app.inject({ url: '/v2/Users', headers: { authorization: header } });
      expect([statusCode, headers['www-authenticate']]).toEqual(
        header === ''
          ? [401, 'Bearer realm="Roster"']
          : [
              401,
              'Bearer realm="Roster", error="invalid_token", error_description="The Authorization header is malformed."',
            ],
      );
    },
  );

  it('is so when the body is not UTF-8, lest it be kept with other letters', async () => {
    const headers = { authorization: `Bearer ${tokenOf('both000000')}`, 'content-type': 'application/scim+json' };
    const payload = Buffer.from('{ "userName": "jos\u00e9" }', 'latin1');
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/v2/Users', headers, payload });
    expect([statusCode, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({ scimType: 'invalidSyntax', detail: expect.stringContaining('UTF-8') as unknown }),
    ]);
  });

  it('is told of together, by whose key and why, and not one by one', async () => {
    const told: Envelope<Activity>[] = [];
    await app.get(ActivityReport).flush();
    const reading = await commands.work({
      topic: topics.provisioningActivity.name,
      group: 'spec of refusals',
      start: 'latest',
      handle: (messages) => {
        for (const { value } of messages) told.push(parseActivity(JSON.parse(value)));
        return Promise.resolve();
      },
      failed: (error) => expect(error).toBeUndefined(),
    });
    for (let count = 0; count < 50; count++) {
      await app.inject({ url: '/v2/Users?access_token=x', headers: { authorization: `Bearer guess${count}` } });
    }
    for (let count = 0; count < 3; count++) await ask('revoked000', 'GET', '/v2/Users');
    await app.get(ActivityReport).flush();
    const refused = await eventually(() => {
      const all = told.filter(({ data }) => data.status === 401 && data.count !== undefined);
      return all.length >= 2 && all;
    });
    expect(refused).toMatchObject([
      { directory: null, data: { keyId: null, count: 50, path: '/v2/Users' } },
      { directory: NOBODY, data: { keyId: 'revoked000', count: 3, detail: 'This key has been revoked.' } },
    ]);
    expect(told).toHaveLength(2);
    await reading.close();
  });
});

describe('a directory that floods', () => {
  it('is held back and refused, and its neighbour neither', async () => {
    const flood = Array.from({ length: 200 }, () => ask('both000000', 'GET', '/v2/Me'));
    const from = performance.now();
    expect((await ask('neighbour0', 'GET', '/v2/Me')).status).toBe(501); // /Me is nothing here, and asks nobody
    expect(performance.now() - from).toBeLessThan(1_000);
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([501, 429]));
  });
});

describe('discovery', () => {
  it('is open to everybody, also while keys cannot be checked; but who comes with a key is not told half of it', async () => {
    heardAt = () => Date.now() - 31_000;
    expect((await app.inject({ url: '/v2/Schemas' })).statusCode).toBe(200);
    const { status, headers } = await ask('both000000', 'GET', '/v2/Schemas');
    expect([status, headers['retry-after']]).toEqual([503, '10']);
  });

  it('tells what the caller’s directory has of its own, by the last word of its state', async () => {
    const extension = { id: 'urn:acme:User', resourceType: 'User', name: 'Own', description: '', attributes: {} };
    const say = (version: number, names: string[]) => {
      const attributes = Object.fromEntries(names.map((name) => [name, { type: 'string', description: '' }]));
      const state = { id: NOBODY, version, extensions: [{ ...extension, attributes }] };
      return table.put(topics.directoryState.name, [{ key: NOBODY, value: JSON.stringify(state) }]);
    };
    const names = async () => {
      const { json } = await ask('both000000', 'GET', '/v2/Schemas/urn:acme:User');
      return (json as unknown as { attributes?: { name: string }[] }).attributes?.map(({ name }) => name);
    };
    await say(2, ['a', 'b']);
    expect(await names()).toEqual(['a', 'b']);
    await say(1, ['a']); // as after a restored backup
    expect(await names()).toEqual(['a']);
    await table.put(topics.directoryState.name, [{ key: NOBODY, value: 'broken' }]);
    expect(await names()).toEqual(['a']);
    await table.put(topics.directoryState.name, [{ key: NOBODY, value: null }]);
    expect(await names()).toBeUndefined();
  });
});

describe('a directory that does not answer', () => {
  it.each([
    ['GET', '/v2/Users', undefined, /did not answer/],
    ['GET', `/v2/Groups/${NOBODY}`, undefined, /did not answer/],
    ['POST', '/v2/.search', {}, /did not answer/],
    ['POST', '/v2/Users', { userName: 'x' }, /same request again is safe/],
    ['PATCH', `/v2/Users/${NOBODY}`, { Operations: [] }, /same request again is safe/],
    ['DELETE', `/v2/Users/${NOBODY}`, undefined, /same request again is safe/],
  ] as const)('makes %s %s a 503 with Retry-After', async (method, url, body, detail) => {
    const { status, headers, json } = await ask('both000000', method, url, body);
    expect([status, headers['retry-after'], json.status]).toEqual([503, '5', '503']);
    expect(json.detail).toMatch(detail);
  });

  it('is a 503 of each operation of a bulk request, and waited for once', async () => {
    const Operations = Array.from({ length: 1_000 }, (_, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `${at}`,
      data: { userName: `${at}` },
    }));
    const from = performance.now();
    const { status, json } = await ask('both000000', 'POST', '/v2/Bulk', { Operations });
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(status).toBe(200);
    const answers = (json as unknown as { Operations: { status: string }[] }).Operations;
    expect([answers.length, new Set(answers.map((answer) => answer.status))]).toEqual([1_000, new Set(['503'])]);
  });
});

describe('a bus that is away', () => {
  it('is a 503 with Retry-After, for reads and for writes', async () => {
    commands.isAway = true;
    for (const method of ['GET', 'POST'] as const) {
      const { status, headers, json } = await ask(
        'both000000',
        method,
        '/v2/Users',
        method === 'POST' ? { userName: 'x' } : undefined,
      );
      expect([status, headers['retry-after']]).toEqual([503, '5']);
      expect(json.detail).toMatch(/the broker is away/);
    }
  });
});

describe('the provisioning log', () => {
  it('is told of a bulk request, and of each operation in it', async () => {
    const told: Activity[] = [];
    const reading = await commands.work({
      topic: topics.provisioningActivity.name,
      group: 'spec',
      handle: (messages) => {
        for (const { value } of messages) told.push(parseActivity(JSON.parse(value)).data);
        return Promise.resolve();
      },
      failed: (error) => expect(error).toBeUndefined(),
    });
    const Operations = [
      { method: 'POST', path: '/Users', bulkId: 'a', data: { password: 'x' } },
      { method: 'PUT', path: '/Groups/nobody', data: { displayName: 'G' } },
    ];
    await ask('both000000', 'POST', '/v2/Bulk', { Operations });
    const last = await eventually(() => {
      const from = told.findLastIndex(({ path }) => path === '/v2/Bulk');
      return from >= 0 && told.length === from + 3 && told.slice(from);
    });
    expect(last).toMatchObject([
      { method: 'POST', path: '/v2/Bulk', status: 200 },
      { method: 'POST', path: '/v2/Users', status: 400, scimType: 'invalidValue', request: '{"password":"[hidden]"}' },
      { method: 'PUT', path: '/v2/Groups/nobody', status: 404, resourceType: 'Group', target: 'nobody' },
    ]);
    await reading.close();
  });
});
