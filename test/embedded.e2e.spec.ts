import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PublicEvent, publicEvent } from '#libs/contracts';
import { eventually, freePort } from '#libs/testing';
import { UNHURRIED } from './support/embedded.js';
import { mirrorFrom, mirrorOf } from './support/fold.js';
import { entra, ENTRA_RUN, NOTHING_TO_DO, Program, roster } from './support/program.js';
import { Scim } from './support/scim.js';

let environment: { ROSTER_DATA: string; GATEWAY_PORT: string; PUBLIC_URL: string };
let program: Program;

/** `npm start`, but for npm: the program on an empty folder. */
async function start(): Promise<void> {
  program = Program.start('roster', environment);
  await program.shows('Roster is ready');
}

const url = () => `${environment.PUBLIC_URL}/v2`;
const shownToken = () => /^Secret Token: (\S+)$/m.exec(program.screen)?.[1] ?? '';

async function changes(directory = 'default'): Promise<PublicEvent[]> {
  const text = await roster(environment, 'events', 'tail', '--directory', directory, '--json');
  return text
    .trim()
    .split('\n')
    .map((line) => publicEvent.parse(JSON.parse(line)));
}

beforeEach(async () => {
  const port = String(await freePort());
  environment = {
    ROSTER_DATA: await mkdtemp(join(tmpdir(), 'roster-e2e-')),
    GATEWAY_PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...UNHURRIED,
  };
  await start();
});

afterEach(async () => {
  await program.end('SIGINT');
  await rm(environment.ROSTER_DATA, { recursive: true, force: true });
});

describe('a system in one process', () => {
  it('provisions what Entra sends, has nothing to do when Entra starts over, and tells it all in its changes', async () => {
    const scim = new Scim(url(), shownToken());
    expect(await entra(scim.url, scim.token, ...ENTRA_RUN)).toMatchObject({ failed: 0 });
    expect(await entra(scim.url, scim.token, ...ENTRA_RUN, '--restart')).toMatchObject(NOTHING_TO_DO);

    const all = await changes();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, place) => place + 1));
    expect(mirrorOf(all)).toEqual(mirrorFrom(scim.url, await scim.all('Users'), await scim.all('Groups')));
  });

  it('loses no acknowledged user when it is killed in the middle of a run', async () => {
    const scim = new Scim(url(), shownToken());
    const first = entra(scim.url, scim.token, ...ENTRA_RUN).catch(() => undefined);
    await eventually(async () => (await scim.count('Users')) > 60);
    const before = await scim.all('Users');
    await program.end('SIGKILL');
    await start();
    await first;
    const after = new Set((await scim.all('Users')).map(({ id }) => id));
    const deleted = new Set(
      (await changes()).filter(({ type }) => type === 'directory.user.deleted.v1').map(({ subject }) => subject),
    );
    expect(before.filter(({ id }) => !after.has(id) && !deleted.has(id))).toEqual([]);

    expect(await entra(scim.url, scim.token, ...ENTRA_RUN)).toMatchObject({ failed: 0 });
    const names = (await scim.all('Users')).map(({ userName }) => userName?.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const all = await changes();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, place) => place + 1));
  });

  it('refuses a wrong token at once and a revoked key within a second, as RFC 6750 says', async () => {
    const wrong = await new Scim(url(), 'wrong').get('/Users');
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await wrong.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
    });

    const made = JSON.parse(await roster(environment, 'key', 'create', '--directory', 'default', '--json')) as {
      id: string;
      token: string;
      tenantUrl: string;
    };
    const scim = new Scim(made.tenantUrl, made.token);
    expect((await scim.get('/Users?count=1')).status).toBe(200);
    await roster(environment, 'key', 'revoke', made.id);
    await eventually(async () => (await scim.get('/Users?count=1')).status === 401, { timeoutMs: 1_000 });
    expect((await new Scim(url(), shownToken()).get('/Users?count=1')).status).toBe(200);
  });
});
