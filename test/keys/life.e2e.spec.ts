import { type Embedded, startEmbedded } from '../support/embedded.js';
import { Wire } from '../support/http.js';
import { roster } from '../support/program.js';
import type { Resource } from '../support/scim.js';

// The life of keys at the command line, and what each may reach.

interface Made {
  id: string;
  token: string;
  expiresAt: string | null;
}
interface Shown {
  key: { status: string; lastUsed: { at: string; address: string; userAgent: string } | null };
  history: { what: string }[];
}

let system: Embedded;
let other: string;

beforeAll(async () => {
  system = await startEmbedded();
  other = (JSON.parse(await run('directory', 'create', '--name', 'other')) as { id: string }).id;
});
afterAll(() => system.end());

const origin = () => system.environment.PUBLIC_URL ?? '';
const run = (...args: string[]) => roster(system.environment, ...args, '--json');
const made = async (...args: string[]) => JSON.parse(await run('key', ...args)) as Made;
const status = async (token: string) => (await new Wire(origin(), token).get('/v2/Users?count=1')).status;
const refusal = (...args: string[]) =>
  run(...args).then(
    () => 'it was done',
    (error: unknown) => String((error as { stderr?: unknown }).stderr),
  );

describe('a key at the command line', () => {
  it('is disabled and enabled, and shows what was done to it and when it was last used', async () => {
    const key = await made('create', '--directory', other, '--expires', 'never');
    expect([await status(key.token), key.expiresAt]).toEqual([200, null]);
    await run('key', 'disable', key.id);
    const refused = await new Wire(origin(), key.token).get('/v2/Users');
    expect([refused.status, refused.json?.detail]).toEqual([401, 'This key is disabled.']);
    await run('key', 'enable', key.id);
    expect(await status(key.token)).toBe(200);
    const shown = JSON.parse(await run('key', 'show', key.id)) as Shown;
    expect(shown.history.map(({ what }) => what)).toEqual(['issued', 'disabled', 'enabled']);
    expect(shown.key).toMatchObject({ status: 'live', lastUsed: { address: '127.0.0.1' } });
    await run('key', 'revoke', key.id);
    expect(await refusal('key', 'enable', key.id)).toMatch(/revoked and cannot be enabled/);
  });

  it('is rotated: both work during the grace, and the new one alone without', async () => {
    const old = await made('create', '--directory', other);
    const next = await made('rotate', old.id, '--grace', '1h');
    expect([await status(old.token), await status(next.token)]).toEqual([200, 200]);
    expect(await refusal('key', 'rotate', next.id)).toMatch(/2 keys may live at a time/);
    const last = await made('rotate', next.id, '--grace', 'now');
    expect([await status(next.token), await status(last.token)]).toEqual([401, 200]);
    await run('key', 'revoke', old.id);
    await run('key', 'revoke', last.id);
  });

  it('is one of two that may live, until more are allowed', async () => {
    const [first, second] = [await made('create', '--directory', other), await made('create', '--directory', other)];
    expect(await refusal('key', 'create', '--directory', other)).toMatch(/2 keys may live.*key revoke.*key allow/s);
    await run('key', 'allow', '--directory', other, '--live', '3');
    const third = await made('create', '--directory', other);
    for (const { id } of [first, second, third]) await run('key', 'revoke', id);
  });

  it('is checked offline', async () => {
    const { token, id } = await made('create', '--directory', other);
    const offline = { ROSTER_DATA: '/nowhere' };
    expect(JSON.parse(await roster(offline, 'key', 'check', token, '--json'))).toEqual({
      wellFormed: true,
      kind: 'key',
      id,
    });
    await expect(roster(offline, 'key', 'check', `${token.slice(0, -1)}-`)).rejects.toMatchObject({ code: 1 });
    await run('key', 'revoke', id);
  });

  it('has a limit of its own, above and below its directory’s', async () => {
    const key = await made('create', '--directory', other, '--requests-per-second', '5');
    const burst = () =>
      Promise.all(Array.from({ length: 30 }, () => new Wire(origin(), key.token).get('/v2/Users?count=1')));
    const answers = await burst();
    const refused = answers.filter((answer) => answer.status === 429);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 429]));
    for (const { headers, json } of refused) {
      expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(json).toMatchObject({ status: '429', detail: expect.stringMatching(/5 times a second/) });
    }
    await run('key', 'limit', key.id, '--requests-per-second', 'none');
    expect((await burst()).every((answer) => answer.status === 200)).toBe(true);
    await run('key', 'revoke', key.id);
  });
});

describe('a key of one directory', () => {
  let own: Wire;
  let foreign: Wire;
  let ada: Resource;
  let team: Resource;

  beforeAll(async () => {
    own = system.wire;
    const key = await made('create', '--directory', other);
    foreign = new Wire(origin(), key.token);
    ada = await own.make('Users', { userName: 'ada' });
    team = await own.make('Groups', { displayName: 'team', members: [{ value: ada.id }] });
  });

  it('finds nothing under the ids of another: 404 as for one that is unknown', async () => {
    for (const [endpoint, { id }] of [
      ['Users', ada],
      ['Groups', team],
    ] as const) {
      const path = `/v2/${endpoint}/${id}`;
      const body = endpoint === 'Users' ? { userName: 'eve' } : { displayName: 'eve' };
      const Operations = [{ op: 'replace', path: 'displayName', value: 'eve' }];
      const answers = [
        await foreign.get(path),
        await foreign.send({ method: 'PUT', path, body }),
        await foreign.send({ method: 'PATCH', path, body: { Operations } }),
        await foreign.send({ method: 'DELETE', path }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
      const bulk = await foreign.post('/v2/Bulk', { Operations: [{ method: 'DELETE', path: `/${endpoint}/${id}` }] });
      expect(bulk.json?.Operations?.[0]?.status).toBe('404');
      const found = await foreign.get(`/v2/${endpoint}?filter=${encodeURIComponent(`id eq "${id}"`)}`);
      expect(found.json?.totalResults).toBe(0);
    }
    const taken = await foreign.make('Groups', { displayName: 'theirs', members: [{ value: ada.id }] });
    expect(taken.members ?? []).toEqual([]);
    expect((await own.get(`/v2/Users/${ada.id}`)).json).toMatchObject({ userName: 'ada', meta: { version: 'W/"1"' } });
  });

  it('may name its own in the address, and gets locations below it; any other is not there', async () => {
    const base = `/v2/directories/${other}`;
    const created = await foreign.post(`${base}/Users`, { userName: 'bob' });
    expect([created.status, created.headers.location]).toEqual([201, `${origin()}${base}/Users/${created.json?.id}`]);
    expect((await foreign.get(`${base}/users/${created.json?.id}`)).status).toBe(200);
    expect((await own.get(`${base}/Users`)).status).toBe(404);
    expect((await own.get('/v2/directories/01900000-0000-7000-8000-000000000000/Users')).status).toBe(404);
  });

  it('is not needed where one reaches all: that one names the directory, and gets nothing without', async () => {
    const admin = await made('create', '--all-directories', '--scope', 'scim:read');
    const wire = new Wire(origin(), admin.token);
    expect((await wire.get('/v2/Users')).status).toBe(403);
    const there = await wire.get(`/v2/directories/${other}/Users`);
    expect(
      there.json?.Resources?.map(({ meta }) => meta.location.startsWith(`${origin()}/v2/directories/${other}/`)),
    ).toEqual([true]);
    expect((await wire.get(`/v2/directories/${other}/Users/${ada.id}`)).status).toBe(404);
    expect((await wire.post(`/v2/directories/${other}/Users`, { userName: 'eve' })).status).toBe(403);
    const unknown = await wire.get('/v2/directories/01900000-0000-7000-8000-000000000000/Users');
    expect([200, 404]).toContain(unknown.status);
    expect(await refusal('key', 'create')).toMatch(/Say which/);
    await run('key', 'revoke', admin.id);
    expect((await wire.get(`/v2/directories/${other}/Users`)).status).toBe(401);
  });
});
