import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, startKafka, startPostgres, type TestKafka, type TestPostgres } from '#libs/testing';
import { provisionedDatabase } from '../support/database.js';
import { Program, roster } from '../support/program.js';
import { Scim } from '../support/scim.js';
import { Balancer } from './balancer.js';
import { Traffic } from './traffic.js';

// The short form is for `npm test`; `npm run rolling` asks for 20 rounds.
const ROUNDS = Number(process.env.ROSTER_ROLLING_ROUNDS ?? '1');
const PER_SECOND = 50;
const DRAIN_MS = 1_000;
const RESTART_MS_MAX = 60_000;
const AHEAD_MS_MAX = 60_000;

type Name = 'gateway-1' | 'gateway-2' | 'directory-1' | 'directory-2' | 'keys';
const IN_TURN: readonly Name[] = ['gateway-1', 'directory-1', 'gateway-2', 'directory-2'];

let kafka: TestKafka;
let postgres: TestPostgres;
let folder: string;
let balancer: Balancer;
const environments = new Map<Name, Record<string, string>>();
const programs = new Map<Name, Program>();
const backends = new Map<Name, { port: number; operations: number }>();

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const urls = await provisionedDatabase(postgres.adminUrl);
  folder = await mkdtemp(join(tmpdir(), 'roster-rolling-'));
  const common = { KAFKA_BROKERS: kafka.brokers, LOG_LEVEL: 'info' };
  for (const name of ['directory-1', 'directory-2', 'keys'] as const) {
    const url = name === 'keys' ? urls.keys : urls.directory;
    environments.set(name, { ...common, DATABASE_URL: url, PORT: String(await freePort()) });
  }
  for (const name of ['gateway-1', 'gateway-2'] as const) {
    const at = { port: await freePort(), operations: await freePort() };
    backends.set(name, at);
    environments.set(name, {
      ...common,
      GATEWAY_PORT: String(at.port),
      PORT: String(at.operations),
      DRAIN_MS: String(DRAIN_MS),
    });
  }
  await Promise.all([...environments.keys()].map((name) => launch(name)));
  balancer = await Balancer.open([...backends.values()]);
}, AHEAD_MS_MAX * 2);

afterAll(async () => {
  await balancer.close();
  await Promise.all([...programs.values()].map((program) => program.end('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
  await kafka.stop();
});

async function launch(name: Name): Promise<void> {
  const program = Program.start(name.split('-')[0] ?? name, environments.get(name) ?? {});
  programs.set(name, program);
  await program.shows('is up on port', RESTART_MS_MAX);
}

/** As an orchestrator does it: asked to end, waited for, started again, waited for until it is ready. */
async function restart(name: Name): Promise<number> {
  const began = Date.now();
  await programs.get(name)?.end('SIGTERM');
  expect({ name, exitCode: programs.get(name)?.exitCode }).toEqual({ name, exitCode: 0 });
  await launch(name);
  const port = environments.get(name)?.PORT ?? '';
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  await eventually(isReady, { timeoutMs: RESTART_MS_MAX });
  const backend = backends.get(name);
  if (backend !== undefined) await eventually(() => balancer.isReady(backend));
  return Date.now() - began;
}

async function newDirectory(): Promise<Scim> {
  const administer = (...args: string[]) => roster({ KAFKA_BROKERS: kafka.brokers, ROSTER_DATA: folder }, ...args);
  const { id } = JSON.parse(await administer('directory', 'create', '--name', 'rolling', '--json')) as { id: string };
  const key = JSON.parse(await administer('key', 'create', '--directory', id, '--json')) as { token: string };
  const scim = new Scim(`${balancer.url}/v2`, key.token);
  await eventually(async () => (await scim.get('/Users?count=1')).ok);
  return scim;
}

const at = (sorted: readonly number[], share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

describe('a rolling restart of two gateways and two directory services', () => {
  it(
    `fails no request (${ROUNDS} rounds, ${PER_SECOND} requests a second)`,
    async () => {
      const scim = await newDirectory();
      const traffic = new Traffic(balancer.url, scim.token);
      traffic.start(PER_SECOND);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const took: string[] = [];
        for (const name of IN_TURN) took.push(`${name} ${await restart(name)} ms`);
        process.stderr.write(`round ${round}: ${took.join(', ')}; failed so far: ${traffic.failures.length}\n`);
      }
      await traffic.stop();
      const sorted = traffic.durationsMs.toSorted((left, right) => left - right);
      process.stderr.write(
        `${sorted.length} requests: half within ${at(sorted, 0.5)} ms, 99 of 100 within ${at(sorted, 0.99)} ms, all within ${at(sorted, 1)} ms\n`,
      );
      expect(traffic.failures).toEqual([]);
      expect(await scim.count('Users')).toBe(traffic.users);
    },
    ROUNDS * IN_TURN.length * RESTART_MS_MAX + AHEAD_MS_MAX,
  );
});
