import { hash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ClientState, type KeyState, writeToken } from '#libs/contracts';
import { type CommandLog, InProcessCommandLog, InProcessStateTable } from '#libs/messaging';
import { GatewaySettings } from './gateway.config.js';
import { gatewayAdapter } from './gateway.module.js';
import { gatewayUnderTest } from './gateway-under-test.contract.js';

// Every route there is, with every other directory's key and ids. The routes are read from the running application: one that is
// added without a word here is a failure.

const OWN = '01900000-0000-7000-8000-00000000000a';
const OTHER = '01900000-0000-7000-8000-00000000000b';
const RESOURCE = '01900000-0000-7000-8000-00000000000c';

/**
 * `guarded`: needs a key, and is about one directory. `open`: tells nothing of anybody. `token`: where clients get tokens.
 * `link`: what a link in a mail can do, without a key.
 */
const DESIGN: Record<string, 'guarded' | 'open' | 'token' | 'link'> = {
  'GET /v2': 'guarded',
  'POST /v2/.search': 'guarded',
  'POST /v2/Bulk': 'guarded',
  'GET /v2/Users': 'guarded',
  'POST /v2/Users': 'guarded',
  'POST /v2/Users/.search': 'guarded',
  'GET /v2/Users/:id': 'guarded',
  'PUT /v2/Users/:id': 'guarded',
  'PATCH /v2/Users/:id': 'guarded',
  'DELETE /v2/Users/:id': 'guarded',
  'GET /v2/Groups': 'guarded',
  'POST /v2/Groups': 'guarded',
  'POST /v2/Groups/.search': 'guarded',
  'GET /v2/Groups/:id': 'guarded',
  'PUT /v2/Groups/:id': 'guarded',
  'PATCH /v2/Groups/:id': 'guarded',
  'DELETE /v2/Groups/:id': 'guarded',
  '* /v2/Me': 'guarded',
  'GET /v2/ServiceProviderConfig': 'open',
  'GET /v2/ResourceTypes': 'open',
  'GET /v2/ResourceTypes/:id': 'open',
  'GET /v2/Schemas': 'open',
  'GET /v2/Schemas/:id': 'open',
  'GET /.well-known/oauth-authorization-server': 'open',
  'POST /oauth2/token': 'token',
  'GET /notify/stop/:token': 'link',
  'POST /notify/stop/:token': 'link',
};

const tokenOf = (id: string) => writeToken('rk', id, '0'.repeat(43));
const key = (id: string, directory: string | null): KeyState => ({
  id,
  directory,
  secretSha256: hash('sha256', tokenOf(id), 'hex'),
  scopes: ['scim:read', 'scim:write'],
  expiresAt: null,
  status: 'live',
  version: 1,
});

/** Remembers which directories are asked for anything. */
class ListeningLog extends InProcessCommandLog {
  readonly directories = new Set<unknown>();

  override send(...[topic, messages]: Parameters<CommandLog['send']>): Promise<void> {
    for (const { value } of messages) {
      if (topic.startsWith('directory.')) this.directories.add((JSON.parse(value) as { directory: unknown }).directory);
    }
    return super.send(topic, messages);
  }
}

let app: NestFastifyApplication;
const log = new ListeningLog(1);
const routes = new Set<string>();

beforeAll(async () => {
  const table = new InProcessStateTable(() => Date.now());
  const client: ClientState = {
    kind: 'client',
    id: 'rc_client0000',
    directory: OWN,
    scopes: ['scim:read'],
    status: 'live',
    secrets: [],
    federation: null,
    version: 1,
  };
  const states = [key('own0000000', OWN), key('other00000', OTHER), key('admin00000', null), client];
  const adapter = gatewayAdapter();
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    const methods = [method].flat().filter((one) => one !== 'HEAD' && one !== 'OPTIONS');
    if (methods.length > 5) routes.add(`* ${url}`);
    else for (const one of methods) routes.add(`${one} ${url}`);
  });
  const settings = new GatewaySettings('http://x', 100, 0);
  app = await gatewayUnderTest({ commands: log, table, settings }, states, adapter);
});
afterAll(() => app.close());
beforeEach(() => log.directories.clear());

const BODY = { schemas: [], userName: 'x', displayName: 'x', Operations: [] };

async function ask(route: string, base: string, id: string | undefined) {
  const [method = '', path = ''] = route.split(' ');
  const url = base + path.slice('/v2'.length).replace(':id', RESOURCE);
  const headers = id === undefined ? {} : { authorization: `Bearer ${tokenOf(id)}` };
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const { statusCode } = await app.inject({
    method: (method === '*' ? 'GET' : method) as 'GET',
    url,
    headers,
    ...(hasBody && { payload: BODY }),
  });
  return statusCode;
}

const guarded = Object.keys(DESIGN).filter((route) => DESIGN[route] === 'guarded');

describe('the routes of the running application', () => {
  it('are those that are designed, each with who may come in', () => {
    expect([...routes].sort()).toEqual(Object.keys(DESIGN).sort());
  });
});

describe.each(guarded)('%s', (route) => {
  it('is 401 without a key, by any way in', async () => {
    expect(await ask(route, '/v2', undefined)).toBe(401);
    expect(await ask(route, `/v2/directories/${OWN}`, undefined)).toBe(401);
    expect(log.directories).toEqual(new Set());
  });

  it('is 404 for a key of another directory that the address names', async () => {
    for (const named of [OTHER, OTHER.toUpperCase(), 'nonsense', 'x%2Fy']) {
      expect(await ask(route, `/v2/directories/${named}`, 'own0000000')).toBe(404);
    }
    expect(log.directories).toEqual(new Set());
  });

  it('is 403 for a key that reaches all directories and names none', async () => {
    expect(await ask(route, '/v2', 'admin00000')).toBe(403);
    expect(log.directories).toEqual(new Set());
  });

  it('asks nobody but the key’s own directory, whichever ids are in the request', async () => {
    await ask(route, '/v2', 'own0000000');
    await ask(route, `/v2/directories/${OWN}`, 'own0000000');
    expect([...log.directories].filter((one) => one !== OWN)).toEqual([]);
    log.directories.clear();
    await ask(route, `/v2/directories/${OTHER}`, 'admin00000');
    expect([...log.directories].filter((one) => one !== OTHER)).toEqual([]);
  });
});

describe('what is open', () => {
  it.each(Object.keys(DESIGN).filter((route) => DESIGN[route] === 'open'))('%s is so to everybody', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const url = path.replace(':id', 'User');
    const { statusCode } = await app.inject({ method: method as 'GET', url });
    expect([200, 404]).toContain(statusCode);
    expect(log.directories).toEqual(new Set());
  });

  it('tells no key of another directory what that one has of its own', async () => {
    const headers = { authorization: `Bearer ${tokenOf('own0000000')}` };
    expect((await app.inject({ url: `/v2/directories/${OTHER}/Schemas`, headers })).statusCode).toBe(404);
  });
});
