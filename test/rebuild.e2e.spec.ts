import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually, freePort, startKafka, startPostgres, type TestKafka, type TestPostgres } from '#libs/testing';
import { provisionedDatabase } from './support/database.js';
import { startEmbedded } from './support/embedded.js';
import { Wire } from './support/http.js';
import { UNHURRIED } from './support/embedded.js';
import { Program, roster } from './support/program.js';
import { Scim } from './support/scim.js';

interface Report {
  state: string;
  differenceCount: number;
  differences: object[];
  rows: Record<string, number>;
}

let kafka: TestKafka;
let postgres: TestPostgres;
let urls: Awaited<ReturnType<typeof provisionedDatabase>>;
let folder: string;
let port: number;
let scim: Scim;
let wire: Wire;
let gate: Program[];
let directories: Program[];

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  urls = await provisionedDatabase(postgres.adminUrl);
  folder = await mkdtemp(join(tmpdir(), 'roster-rebuild-'));
  port = await freePort();
  gate = [
    Program.start('gateway', { ...common(), GATEWAY_PORT: String(port), PORT: String(await freePort()), ...UNHURRIED }),
    Program.start('keys', { ...common(), DATABASE_URL: urls.keys, PORT: String(await freePort()) }),
  ];
  directories = [await directoryService(), await directoryService()];
  for (const program of gate) await program.shows('is up on port');
  const { id } = JSON.parse(await administer('directory', 'create', '--name', randomUUID(), '--json')) as {
    id: string;
  };
  const key = JSON.parse(await administer('key', 'create', '--directory', id, '--json')) as { token: string };
  scim = new Scim(`http://127.0.0.1:${port}/v2`, key.token);
  wire = new Wire(`http://127.0.0.1:${port}`, key.token);
  await eventually(async () => (await scim.get('/Users?count=1')).status === 200);
});

afterAll(async () => {
  await Promise.all([...gate, ...directories].map((program) => program.end('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
  await kafka.stop();
});

const common = () => ({ KAFKA_BROKERS: kafka.brokers, ROSTER_DATA: folder, PUBLIC_URL: `http://127.0.0.1:${port}` });
const administer = (...args: string[]) => roster(common(), ...args);

async function directoryService(failPoints = ''): Promise<Program> {
  const own = { DATABASE_URL: urls.directory, PORT: String(await freePort()), ROSTER_FAIL_POINTS: failPoints };
  const program = Program.start('directory', { ...common(), ...own });
  await program.shows('is up on port');
  return program;
}

const rebuilt = async (...args: string[]) => JSON.parse(await administer('rebuild', '--json', ...args)) as Report;

/** What a command that ended with a failure said. */
async function failure(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return administer(...args).then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
}

async function statement(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: urls.directory });
  await client.connect();
  await client.query(text);
  await client.end();
}

describe('a rebuild beside two directory services that go on', () => {
  it('loses nothing of what is written meanwhile, and ends with an equal read model', async () => {
    const group = await wire.make('Groups', { displayName: 'Crew' });
    const writers = { areOn: true };
    const ids: string[] = [];
    const writing = Array.from({ length: 4 }, async () => {
      while (writers.areOn) {
        const { id } = await wire.make('Users', { userName: randomUUID() });
        await wire.patch(`/v2/Groups/${group.id}`, { op: 'Add', path: 'members', value: [{ value: id }] });
        ids.push(id);
      }
    });
    for (let turn = 0; turn < 3; turn += 1)
      expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 0 });
    writers.areOn = false;
    await Promise.all(writing);
    expect(ids.length).toBeGreaterThan(20);
    expect(await rebuilt('--check')).toMatchObject({
      differenceCount: 0,
      rows: { users: ids.length, groups: 1, group_member: ids.length },
    });
    const members = (await wire.get(`/v2/Groups/${group.id}`)).json?.members as { value: string }[];
    expect(members.map(({ value }) => value).sort()).toEqual([...ids].sort());
    for (const program of directories) expect(program.screen).not.toMatch(/cached plan|deadlock|does not exist/);
  }, 60_000);

  it('tells what a damaged read model differs in, and puts it right', async () => {
    const { id } = await wire.make('Users', { userName: randomUUID(), displayName: 'Ada' });
    const path = `/v2/Users/${id}`;
    const before = (await wire.get(path)).json;
    await statement(
      `update directory.users set attributes = attributes || '{"displayName": "Eve"}' where id = '${id}'`,
    );
    expect((await wire.get(path)).json?.displayName).toBe('Eve');
    const check = await failure('rebuild', '--check');
    expect(check).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(`users .*/${id}: different in attributes\n`),
    });
    expect(await administer('rebuild')).toMatch(/differed .* in 1 row\.\nThe rebuilt one is in force now/);
    expect((await wire.get(path)).json).toEqual(before);
    expect((await wire.patch(path, { op: 'replace', path: 'displayName', value: 'Ada L.' })).json?.displayName).toBe(
      'Ada L.',
    );
    expect(await administer('rebuild', '--check')).toContain('The read model is what the events make of it.');
  }, 60_000);
});

describe('a rebuild whose directory service is killed', () => {
  beforeEach(async () => {
    await Promise.all(directories.map((program) => program.end('SIGTERM')));
  });

  it.each([
    ['in the middle of the swap', 'mid_swap:kill', 1],
    ['right after the swap', 'after_swap:kill', 0],
  ])(
    '%s leaves one whole read model in force, and says which',
    async (_when, order, code) => {
      const armed = await directoryService(order);
      directories = [armed];
      const count = await scim.count('Users');
      const said = administer('rebuild').then(
        (stdout) => ({ code: 0, stdout, stderr: '' }),
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
      );
      await eventually(() => armed.hasEnded(), { timeoutMs: 30_000 });
      directories = [await directoryService()];
      const { stdout, stderr, code: ended } = await said;
      expect(ended).toBe(code);
      if (code === 0) expect(stdout).toContain('The rebuilt one is in force now');
      else
        expect(stderr).toContain(
          'has ended before it was done. The read model that was in force still is. Run it again.',
        );
      await eventually(async () => (await scim.count('Users')) === count, { timeoutMs: 30_000 });
      expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 0, rows: { users: count } });
    },
    90_000,
  );
});

describe('a directory service that is older than its store', () => {
  it('does not start, and says which events it cannot read and what to do', async () => {
    await statement('update directory.event set schema_version = 2 where position = 2');
    const old = Program.start('directory', {
      ...common(),
      DATABASE_URL: urls.directory,
      PORT: String(await freePort()),
    });
    await eventually(() => old.hasEnded(), { timeoutMs: 30_000 });
    expect(old.screen).toMatch(
      /directory cannot start: The store holds events of a form that this program does not know: \w+ of version 2 \(it knows 1 to 1\)\. A newer Roster has written here: run that version or a newer one\./,
    );
    await statement('update directory.event set schema_version = 1 where schema_version = 2');
  });
});

describe('a rebuild in one process', () => {
  it('is asked for in the same way', async () => {
    const system = await startEmbedded();
    try {
      await system.wire.make('Users', { userName: 'ada' });
      expect(await roster(system.environment, 'rebuild')).toContain('1 in users');
      await system.wire.make('Users', { userName: 'bob' });
      expect(await roster(system.environment, 'rebuild', '--check')).toContain(
        'The read model is what the events make of it.',
      );
      await system.restart();
      expect((await system.wire.get('/v2/Users')).json?.totalResults).toBe(2);
    } finally {
      await system.end();
    }
  }, 60_000);
});
