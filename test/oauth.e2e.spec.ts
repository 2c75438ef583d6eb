import * as oauth from 'openid-client';
import { eventually } from '#libs/testing';
import { type Embedded, startEmbedded } from './support/embedded.js';
import { Wire } from './support/http.js';
import { Issuer } from './support/issuer.js';
import { roster } from './support/program.js';

const AUDIENCE = 'api://RosterTokenExchange';
const SUBJECT = '6f1d2c3b-workload';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let system: Embedded;
let issuer: Issuer;

beforeAll(async () => {
  system = await startEmbedded({ PRIVATE_ISSUERS: '127.0.0.0/8' });
  issuer = await Issuer.open();
});
afterAll(async () => {
  await issuer.close();
  await system.end();
});

const origin = () => system.environment.PUBLIC_URL ?? '';
const run = (...args: string[]) => roster(system.environment, ...args, '--json');

interface Made {
  id: string;
  secret: string;
}

const withSecret = async (...args: string[]) =>
  JSON.parse(await run('client', 'create', '--directory', 'default', ...args)) as Made;
let subjects = 0;

/** A client that shows assertions of the issuer, by a subject of its own. */
async function federated(...args: string[]): Promise<Made & { subject: string }> {
  const subject = `${SUBJECT}-${++subjects}`;
  const trust = ['--issuer', issuer.url, '--subject', subject, '--audience', AUDIENCE];
  return { ...(await withSecret(...trust, ...args)), subject };
}

const configured = (clientId: string, authentication: oauth.ClientAuth) =>
  oauth.discovery(new URL(origin()), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; this is loopback
    execute: [oauth.allowInsecureRequests],
  });

interface Answered {
  status: number;
  headers: Headers;
  json: { error?: string; error_description?: string; access_token?: string; expires_in?: number; scope?: string };
}

async function ask(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answered> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form });
  const answer = await fetch(`${origin()}/oauth2/token`, { method: 'POST', body, headers });
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Answered['json'] };
}

const show = (assertion: string, more: Record<string, string> = {}) =>
  ask({ client_assertion_type: JWT_BEARER, client_assertion: assertion, ...more });

async function provisions(token: string): Promise<void> {
  const wire = new Wire(origin(), token);
  const user = await wire.make('Users', { userName: `${Math.random()}@example.com` });
  expect((await wire.get(`/v2/Users/${user.id}`)).status).toBe(200);
}

describe('an OAuth client as others have it (openid-client)', () => {
  it.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ])('gets a token by %s and provisions with it', async (_, authentication) => {
    const { id, secret } = await withSecret();
    const config = await configured(id, authentication(secret));
    const tokens = await oauth.clientCredentialsGrant(config, { scope: 'scim:read scim:write' });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'scim:read scim:write' });
    await provisions(tokens.access_token);
  });

  it('gets a token by an assertion as workload identity federation sends it, and provisions with it', async () => {
    const { id, subject } = await federated();
    const key = { key: issuer.keyOf('first'), kid: 'first' };
    const asIssuer = {
      [oauth.modifyAssertion]: (_: unknown, payload: Record<string, unknown>) =>
        Object.assign(payload, { iss: issuer.url, sub: subject, aud: AUDIENCE }),
    };
    const config = await configured(id, oauth.PrivateKeyJwt(key, asIssuer));
    await provisions((await oauth.clientCredentialsGrant(config)).access_token);
  });

  it('gets a token by an assertion of its own (private_key_jwt)', async () => {
    const own = ['--issuer', 'own-client', '--subject', 'own-client', '--audience', origin()];
    const { id } = await withSecret(...own, '--jwks-uri', `${issuer.url}/keys`);
    const asItself = {
      [oauth.modifyAssertion]: (_: unknown, payload: Record<string, unknown>) =>
        Object.assign(payload, { iss: 'own-client', sub: 'own-client' }),
    };
    const key = { key: issuer.keyOf('first'), kid: 'first' };
    const config = await configured(id, oauth.PrivateKeyJwt(key, asItself));
    await provisions((await oauth.clientCredentialsGrant(config)).access_token);
  });
});

describe('an assertion', () => {
  let client: Awaited<ReturnType<typeof federated>>;
  beforeAll(async () => {
    client = await federated();
  });
  const right = () => ({ sub: client.subject, aud: AUDIENCE });

  it('is taken with the client’s id and without it, once', async () => {
    const assertion = await issuer.assertion(right());
    expect(await show(assertion)).toMatchObject({ status: 200, json: { expires_in: 3600 } });
    const again = await show(assertion, { client_id: client.id });
    expect(again).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(again.json.error_description).toMatch(/used before/);
    expect((await show(await issuer.assertion(right()), { client_id: client.id })).status).toBe(200);
  });

  it('without a jti is taken once, too', async () => {
    const assertion = await issuer.assertion({ ...right(), jti: undefined });
    expect([(await show(assertion)).status, (await show(assertion)).status]).toEqual([200, 401]);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['of another audience', () => issuer.assertion({ ...right(), aud: 'api://other' }), /another audience/],
    ['that has expired', () => issuer.assertion(right(), { expiresS: -61 }), /has expired/],
    ['that does not hold yet', () => issuer.assertion(right(), { notBeforeS: 90 }), /not hold yet/],
    ['that lives too long', () => issuer.assertion(right(), { expiresS: 200_000 }), /more than a day/],
    ['of another subject', () => issuer.assertion({ ...right(), sub: 'other' }), /no such client/],
    ['of another issuer', () => issuer.assertion({ ...right(), iss: 'https://other.example' }), /no such client/],
    ['that is none', () => Promise.resolve('x.y.z'), /no JWT/],
    [
      'whose signature is wrong',
      async () => {
        const assertion = await issuer.assertion(right());
        return `${assertion.slice(0, -8)}${assertion.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`;
      },
      /signature/,
    ],
    [
      'signed by nobody',
      async () => {
        const [, payload] = (await issuer.assertion(right())).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
      /cannot be taken/,
    ],
  ])('%s is an invalid_client of its own', async (_, assertion, why) => {
    const { status, json } = await show(await assertion());
    expect({ status, error: json.error }).toEqual({ status: 401, error: 'invalid_client' });
    expect(json.error_description).toMatch(why);
  });

  it('is taken though clocks differ by a minute', async () => {
    expect((await show(await issuer.assertion(right(), { expiresS: -50 }))).status).toBe(200);
    expect((await show(await issuer.assertion(right(), { notBeforeS: 50 }))).status).toBe(200);
  });

  it('signed with a key that the issuer has changed to is taken; with one that it does not publish, refused', async () => {
    await issuer.add('hidden', { isPublished: false });
    const hidden = await show(await issuer.assertion(right(), { kid: 'hidden' }));
    expect(hidden).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(hidden.json.error_description).toMatch(/key that its issuer does not publish/);

    await issuer.add('second');
    // An issuer is not asked more often than every ten seconds.
    await eventually(async () => (await show(await issuer.assertion(right(), { kid: 'second' }))).status === 200, {
      timeoutMs: 20_000,
    });
    expect(issuer.asked).toBeLessThan(10);
  }, 40_000);
});

describe('a token request', () => {
  let client: Made;
  beforeAll(async () => {
    client = await withSecret('--scope', 'scim:read');
  });
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });

  it('is answered as RFC 6749 §5.1 has it, never to be kept', async () => {
    const { status, headers, json } = await ask({}, basic(client.id, client.secret));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'scim:read' });
  });

  it.each<[string, () => Promise<Answered>, number, string]>([
    ['a wrong secret', () => ask({}, basic(client.id, `${client.secret.slice(0, -1)}x`)), 401, 'invalid_client'],
    ['an unknown client', () => ask({}, basic('rc_unknown000', client.secret)), 401, 'invalid_client'],
    ['no client', () => ask({}), 401, 'invalid_client'],
    [
      'a scope beyond the client’s',
      () => ask({ scope: 'scim:write' }, basic(client.id, client.secret)),
      400,
      'invalid_scope',
    ],
    [
      'another grant',
      () => ask({ grant_type: 'password' }, basic(client.id, client.secret)),
      400,
      'unsupported_grant_type',
    ],
    ['no grant', () => ask({ grant_type: '' }, basic(client.id, client.secret)), 400, 'invalid_request'],
    [
      'two ways at once',
      () => ask({ client_id: client.id, client_secret: client.secret }, basic(client.id, client.secret)),
      400,
      'invalid_request',
    ],
    [
      'another type of assertion',
      () => ask({ client_assertion: 'x', client_assertion_type: 'saml' }),
      400,
      'invalid_request',
    ],
  ])('with %s', async (_, request, status, error) => {
    const answer = await request();
    expect([answer.status, answer.json.error]).toEqual([status, error]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('that tried the header is challenged to try it again', async () => {
    expect((await ask({}, basic(client.id, 'x'))).headers.get('www-authenticate')).toBe('Basic realm="Roster"');
    expect((await ask({ client_id: client.id, client_secret: 'x' })).headers.get('www-authenticate')).toBeNull();
  });

  it('that is no form is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${origin()}/oauth2/token`, { method: 'POST', body: '{}', headers });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    expect((await fetch(`${origin()}/oauth2/token`)).status).toBe(405);
  });

  it('gives a token with the scopes it names', async () => {
    const { json } = await ask({}, basic(client.id, client.secret));
    const wire = new Wire(origin(), json.access_token ?? '');
    expect((await wire.get('/v2/Users?count=1')).status).toBe(200);
    const refused = await wire.post('/v2/Users', { userName: 'x' });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      403,
      'Bearer realm="Roster", error="insufficient_scope", scope="scim:write"',
    ]);
  });
});

describe('a client', () => {
  const token = async ({ id, secret }: Made) =>
    (await ask({ client_id: id, client_secret: secret })).json.access_token ?? '';
  const status = async (bearer: string) => (await new Wire(origin(), bearer).get('/v2/Users?count=1')).status;

  it('that is revoked ends its tokens as fast as a key', async () => {
    const client = await withSecret();
    const bearer = await token(client);
    expect(await status(bearer)).toBe(200);
    await run('client', 'revoke', client.id);
    const refused = await new Wire(origin(), bearer).get('/v2/Users?count=1');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    expect((await ask({ client_id: client.id, client_secret: client.secret })).json.error).toBe('invalid_client');
  });

  it('has several secrets; the tokens of one that is revoked end, the others’ go on', async () => {
    const client = await withSecret();
    const { secret } = JSON.parse(await run('client', 'add-secret', client.id)) as Made;
    const [first, second] = [await token(client), await token({ id: client.id, secret })];
    expect([await status(first), await status(second)]).toEqual([200, 200]);
    await run('client', 'revoke-secret', client.id, '--secret', client.secret.slice(3, 13));
    expect([await status(first), await status(second)]).toEqual([401, 200]);
    expect((await ask({ client_id: client.id, client_secret: client.secret })).status).toBe(401);
  });

  it('goes on with its token when the whole system was killed and started again', async () => {
    const bearer = await token(await withSecret());
    await system.restart();
    await eventually(async () => (await status(bearer)) === 200);
  });

  it('may reach all directories, and names one in the address', async () => {
    const made = JSON.parse(await run('client', 'create', '--all-directories')) as Made;
    const wire = new Wire(origin(), await token(made));
    expect((await wire.get('/v2/Users')).status).toBe(403);
    const [directory] = (await run('directory', 'list'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    const { status: answered } = await wire.get(`/v2/directories/${directory?.id}/Users?count=1`);
    expect(answered).toBe(200);
  });

  it('is not registered with an issuer that cannot be asked, or must not be', async () => {
    const trust = (url: string) =>
      withSecret('--issuer', 'x', '--subject', 'y', '--audience', 'z', '--jwks-uri', url).then(
        () => 'registered',
        (error: unknown) => String((error as { stderr?: unknown }).stderr ?? error),
      );
    expect(await trust('http://10.0.0.1/keys')).toMatch(/only https/);
    expect(await trust('https://10.0.0.1/keys')).toMatch(/cannot be read/);
    expect(await trust('https://169.254.169.254/keys')).toMatch(/cannot be read/);
    expect(await trust(`${issuer.url}/elsewhere`)).toMatch(/no key that signatures/);
  });
});

describe('a token that is refused', () => {
  interface Line {
    id: string;
    status: number;
    scimType: string;
    detail: string;
    keyId: string | null;
    count: number;
    class?: string;
    failures?: number;
  }
  const lines = async (...args: string[]) =>
    (await run(...args))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  it('is told to who is responsible for the directory, with cause and next step, many as one, and nothing secret', async () => {
    await run('directory', 'create', '--name', 'tokens');
    const made = async (...args: string[]) =>
      JSON.parse(await run('client', 'create', '--directory', 'tokens', ...args)) as Made;
    const { id, secret } = await made();
    const trust = ['--issuer', issuer.url, '--subject', 'of-tokens', '--audience', AUDIENCE];
    const workload = await made(...trust);
    const right = { sub: 'of-tokens', aud: AUDIENCE };
    const wrong = `${secret.slice(0, -6)}abcdef`;
    for (let count = 0; count < 50; count++) await ask({ client_id: id, client_secret: wrong });
    await ask({ client_id: 'rc_nobodyatal', client_secret: secret });
    const assertions = [
      await issuer.assertion(right, { expiresS: -61 }),
      await issuer.assertion({ ...right, aud: 'api://other' }),
      await issuer.assertion(right),
    ];
    for (const assertion of [...assertions, assertions[2] ?? '']) await show(assertion, { client_id: workload.id });

    const told = await eventually(
      async () => {
        const found = await lines('log', '--directory', 'tokens', '--failed');
        return found.reduce((sum, { count }) => sum + count, 0) === 53 && found;
      },
      { timeoutMs: 20_000 },
    );
    expect(told.length).toBeLessThanOrEqual(8); // four causes, and a report every five seconds
    expect(new Set(told.map(({ keyId }) => keyId))).toEqual(new Set([id, workload.id]));
    const incidents = await lines('incident', 'list', '--directory', 'tokens');
    expect(incidents.map((incident) => `${incident.class} ${incident.failures}`).sort()).toEqual([
      'assertion-mismatch 1',
      'assertion-outdated 1',
      'assertion-repeated 1',
      'client-secret-wrong 50',
    ]);
    const outdated = incidents.find((incident) => incident.class === 'assertion-outdated');
    const shown = await roster(system.environment, 'incident', 'show', outdated?.id ?? '');
    expect(shown).toMatch(/Entra cannot get a token: the assertion is out of date[\s\S]+In Entra: .+→/);
    const unclaimed = await lines('log', '--unclaimed', '--failed', '--since', '1m');
    expect(unclaimed.some(({ detail, status }) => status === 401 && detail === 'There is no such client.')).toBe(true);

    const details = await Promise.all(told.map((entry) => roster(system.environment, 'log', 'show', entry.id)));
    const all = [...details, shown, JSON.stringify([told, unclaimed, incidents])].join('\n');
    for (const hidden of [secret, wrong, ...assertions]) expect(all).not.toContain(hidden.slice(-40));

    const token = (await ask({ client_id: id, client_secret: secret })).json.access_token ?? '';
    await provisions(token);
    await eventually(async () => (await lines('incident', 'list', '--directory', 'tokens')).length === 0);
  }, 60_000);
});

describe('what a client can know beforehand', () => {
  it('is told as RFC 8414 has it', async () => {
    const answer = await fetch(`${origin()}/.well-known/oauth-authorization-server`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({
      issuer: origin(),
      token_endpoint: `${origin()}/oauth2/token`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    });
  });
});
