import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PublicEvent, publicEvent } from '#libs/contracts';
import { eventually, freePort } from '#libs/testing';

const run = promisify(execFile);
const SIZES = ['--users', '300', '--groups', '10', '--members', '50', '--cycles', '3', '--dialect', 'mixed'];

let data: string;
let port: number;
let child: ChildProcess;
let screen = '';

/** `npm start`, but for npm: the program on an empty folder. */
async function start(): Promise<void> {
  screen = '';
  child = spawn(process.execPath, ['dist/apps/roster/src/main.js'], { env: environment() });
  const keep = (chunk: Buffer) => (screen += chunk.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  await eventually(() => screen.includes('Roster is ready'), { timeoutMs: 60_000 });
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  ROSTER_DATA: data,
  GATEWAY_PORT: String(port),
});

async function end(signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

async function roster(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['dist/apps/roster/src/roster.js', ...args], {
    env: environment(),
    maxBuffer: 1 << 28,
  });
  return stdout;
}

interface Counts {
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  failed: number;
}

async function entra(token: string, ...args: string[]): Promise<Counts> {
  const command = ['dist/apps/entra-simulator/src/main.js', '--url', url(''), '--token', token, '--json', ...args];
  const { stdout } = await run(process.execPath, command, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Counts;
}

const url = (path: string) => `http://127.0.0.1:${port}/v2${path}`;
const shownToken = () => /^Secret Token: (\S+)$/m.exec(screen)?.[1] ?? '';
const get = (path: string, token: string) => fetch(url(path), { headers: { authorization: `Bearer ${token}` } });

interface Listed {
  totalResults: number;
  Resources: { id: string; userName?: string; displayName?: string; active?: boolean; members?: { value: string }[] }[];
}

async function listed(path: string, token: string): Promise<Listed> {
  return (await (await get(path, token)).json()) as Listed;
}

async function changes(directory = 'default'): Promise<PublicEvent[]> {
  const text = await roster('events', 'tail', '--directory', directory, '--json');
  return text
    .trim()
    .split('\n')
    .map((line) => publicEvent.parse(JSON.parse(line)));
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'roster-e2e-'));
  port = await freePort();
  await start();
});

afterEach(async () => {
  await end('SIGINT');
  await rm(data, { recursive: true, force: true });
});

describe('a system in one process', () => {
  it('provisions what Entra sends, has nothing to do when Entra starts over, and tells it all in its changes', async () => {
    const token = shownToken();
    expect(await entra(token, ...SIZES)).toMatchObject({ failed: 0 });
    const again = await entra(token, ...SIZES, '--restart');
    expect(again).toMatchObject({ created: 0, updated: 0, disabled: 0, deleted: 0, failed: 0 });

    const all = await changes();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, place) => place + 1));
    const users = new Map<string, unknown>();
    const groups = new Map<string, Set<string>>();
    for (const { type, subject, data: told } of all) {
      if (type === 'directory.user.deleted.v1') users.delete(subject);
      else if (type.startsWith('directory.user.')) users.set(subject, told.resource.userName);
      const members = groups.get(subject) ?? new Set<string>();
      if (type.startsWith('directory.group.')) groups.set(subject, members);
      if (type === 'directory.group.members-added.v1') for (const { value } of told.members ?? []) members.add(value);
      if (type === 'directory.group.members-removed.v1')
        for (const { value } of told.members ?? []) members.delete(value);
      if (type === 'directory.group.deleted.v1') groups.delete(subject);
    }
    const found = await listed('/Users?count=1000', token);
    expect(new Map(found.Resources.map(({ id, userName }) => [id, userName]))).toEqual(users);
    const foundGroups = await listed('/Groups?count=1000', token);
    expect(
      new Map(foundGroups.Resources.map(({ id, members = [] }) => [id, new Set(members.map(({ value }) => value))])),
    ).toEqual(groups);
  });

  it('loses no acknowledged user when it is killed in the middle of a run', async () => {
    const token = shownToken();
    const first = entra(token, ...SIZES).catch(() => undefined);
    await eventually(async () => (await listed('/Users?count=0', token)).totalResults > 60);
    const before = await listed('/Users?count=1000', token);
    await end('SIGKILL');
    await start();
    await first;
    const after = await listed('/Users?count=1000', token);
    const kept = new Set(after.Resources.map(({ id }) => id));
    const deleted = new Set(
      (await changes()).filter(({ type }) => type === 'directory.user.deleted.v1').map(({ subject }) => subject),
    );
    expect(before.Resources.filter(({ id }) => !kept.has(id) && !deleted.has(id))).toEqual([]);

    expect(await entra(token, ...SIZES)).toMatchObject({ failed: 0 });
    const users = await listed('/Users?count=1000', token);
    const names = users.Resources.map(({ userName }) => userName?.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const all = await changes();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, place) => place + 1));
  });

  it('refuses a wrong token at once and a revoked key within a second, as RFC 6750 says', async () => {
    const wrong = await get('/Users', 'wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await wrong.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
    });

    const made = JSON.parse(await roster('key', 'create', '--directory', 'default', '--json')) as {
      id: string;
      token: string;
    };
    expect((await get('/Users?count=1', made.token)).status).toBe(200);
    await roster('key', 'revoke', made.id);
    await eventually(async () => (await get('/Users?count=1', made.token)).status === 401, { timeoutMs: 1_000 });
    expect((await get('/Users?count=1', shownToken())).status).toBe(200);
  });
});
