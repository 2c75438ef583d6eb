import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, startKafka, startPostgres, type TestKafka, type TestPostgres } from '#libs/testing';
import { makeGroup, makeUsers } from './support/crowd.js';
import { provisionedDatabase } from './support/database.js';
import { Wire } from './support/http.js';
import { Program, roster } from './support/program.js';

// `npm run bench:group` does the same with 100,000.
const MEMBERS = 20_000;
/** Together more than what the buffers of a connection take by themselves: some 10 MB. */
const LARGE_GROUPS = 6;
const MB_MAX = 300;
const LIST = '/v2/Groups?count=100';

let kafka: TestKafka;
let postgres: TestPostgres;
let folder: string;
let gateway: Program;
let directory: Program;
const running: Program[] = [];
let wire: Wire;
let members: string[];
const groups: string[] = [];

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const urls = await provisionedDatabase(postgres.adminUrl);
  folder = await mkdtemp(join(tmpdir(), 'roster-large-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const common = { KAFKA_BROKERS: kafka.brokers, ROSTER_DATA: folder, PUBLIC_URL: origin };
  directory = Program.start('directory', { ...common, DATABASE_URL: urls.directory });
  const environment = { ...common, GATEWAY_PORT: String(port), REQUEST_TIMEOUT_MS: '5000' };
  gateway = Program.start('gateway', environment);
  running.push(directory, gateway, Program.start('keys', { ...common, DATABASE_URL: urls.keys }));
  for (const program of running) await program.shows('is up on port');
  const made = JSON.parse(await roster(common, 'directory', 'create', '--name', 'large', '--json')) as { id: string };
  const key = JSON.parse(await roster(common, 'key', 'create', '--directory', made.id, '--json')) as { token: string };
  wire = new Wire(origin, key.token);
  await eventually(async () => (await wire.get('/v2/Users?count=1')).status === 200);
  members = await makeUsers(wire, MEMBERS);
  for (let at = 0; at < LARGE_GROUPS; at += 1) groups.push(await makeGroup(wire, `large ${at}`, members));
  // A new one, whose peak is that of reading alone.
  await gateway.end('SIGTERM');
  gateway = Program.start('gateway', environment);
  running.push(gateway);
  await gateway.shows('is up on port');
  await eventually(async () => (await wire.get('/v2/Users?count=1')).status === 200);
}, 180_000);

afterAll(async () => {
  for (const program of running) if (program.pid !== undefined) process.kill(program.pid, 'SIGCONT');
  await Promise.all(running.map((program) => program.end('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
  await kafka.stop();
});

/** What a process has in memory now, or had at most, in MB. */
function memoryMb({ pid = 0 }: Program, what: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

interface Reader {
  answer: IncomingMessage;
  asked: ClientRequest;
}

/** Asks, and takes no more of the answer than comes by itself. */
async function beginReading(path: string): Promise<Reader> {
  const headers = { authorization: `Bearer ${wire.token}` };
  return new Promise((resolve, reject) => {
    const asked = request(`${wire.origin}${path}`, { headers, agent: false }, (answer) => resolve({ answer, asked }));
    asked.on('error', reject);
    asked.end();
  });
}

async function restOf({ answer }: Reader): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

describe('a group of 20,000, over Kafka', () => {
  it('is read whole and in order, by sixteen at a time, in little memory', async () => {
    const read = async () => {
      const { status, json } = await wire.get(`/v2/Groups/${groups[0] ?? ''}`);
      expect(status).toBe(200);
      const got = json?.members?.map(({ value }) => value) ?? [];
      expect(got.length === MEMBERS && got.every((id, at) => id === members[at])).toBe(true);
    };
    const before = memoryMb(directory, 'VmRSS');
    for (let round = 0; round < 2; round += 1) await Promise.all(Array.from({ length: 16 }, read));
    expect(memoryMb(gateway, 'VmHWM')).toBeLessThan(MB_MAX);
    expect(memoryMb(directory, 'VmRSS') - before).toBeLessThan(100);
  }, 60_000);

  it('waits for readers that take nothing without making room for them, and lets go when they hang up', async () => {
    const before = memoryMb(gateway, 'VmRSS');
    const readers: Reader[] = [];
    try {
      // One after another, until the gateway says that it holds enough for others.
      for (;;) {
        const reader = await beginReading(LIST);
        readers.push(reader);
        if (reader.answer.statusCode === 503) break;
        expect(reader.answer.statusCode).toBe(200);
        expect(readers.length).toBeLessThan(40);
      }
      const [first, last] = [readers[0], readers.at(-1)];
      expect(readers.length).toBeGreaterThan(5);
      expect(last?.answer.headers['retry-after']).toBe('5');
      expect((await wire.get('/v2/Users?count=1')).status).toBe(200);
      // What they have not taken is some ten megabytes for each of them.
      expect(memoryMb(gateway, 'VmRSS') - before).toBeLessThan(100);
      expect(memoryMb(gateway, 'VmHWM')).toBeLessThan(MB_MAX);

      if (first === undefined) throw new Error('nobody reads');
      const { Resources } = JSON.parse(await restOf(first)) as { Resources: { members?: object[] }[] };
      expect(Resources.map((group) => group.members?.length)).toEqual(groups.map(() => MEMBERS));
    } finally {
      for (const { asked } of readers) asked.destroy();
    }
    await eventually(async () => (await wire.get(LIST)).status === 200, { timeoutMs: 10_000 });
    for (let at = 0; at < 5; at += 1) {
      const reader = await beginReading(LIST);
      expect(reader.answer.statusCode).toBe(200);
      reader.asked.destroy();
    }
  }, 60_000);

  it('breaks a list off, and never ends it early, when the directory does not answer for the rest of it', async () => {
    const reader = await beginReading(LIST);
    process.kill(directory.pid ?? 0, 'SIGSTOP');
    try {
      await expect(restOf(reader)).rejects.toThrow(/aborted/);
    } finally {
      process.kill(directory.pid ?? 0, 'SIGCONT');
    }
    await eventually(async () => (await wire.get('/v2/Users?count=1')).status === 200, { timeoutMs: 30_000 });
  }, 60_000);
});
