import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type LogEntry, type PublicEvent, publicEvent, topics } from '#libs/contracts';
import { eventually, freePort, startKafka, startPostgres, type TestKafka, type TestPostgres } from '#libs/testing';
import { UNHURRIED } from './support/embedded.js';
import { mirrorFrom, mirrorOf } from './support/fold.js';
import { entra, ENTRA_RUN, NOTHING_TO_DO, Program, roster } from './support/program.js';
import { Wire } from './support/http.js';
import { Scim } from './support/scim.js';
import { provisionedDatabase } from './support/database.js';

const SERVICES = ['directory', 'keys', 'notifier', 'gateway'] as const;

let kafka: TestKafka;
let postgres: TestPostgres;
let urls: Awaited<ReturnType<typeof provisionedDatabase>>;
let folder: string;
let port: number;
const running: Program[] = [];

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  urls = await provisionedDatabase(postgres.adminUrl);
  folder = await mkdtemp(join(tmpdir(), 'roster-services-'));
  port = await freePort();
  for (const service of SERVICES) running.push(Program.start(service, await environmentOf(service)));
  for (const program of running) await program.shows('is up on port');
});

afterAll(async () => {
  await Promise.all(running.map((program) => program.end('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
  await kafka.stop();
});

async function environmentOf(service: (typeof SERVICES)[number]): Promise<Record<string, string>> {
  const common = { KAFKA_BROKERS: kafka.brokers, ROSTER_DATA: folder };
  if (service === 'gateway') return { ...common, GATEWAY_PORT: String(port), PUBLIC_URL: publicUrl(), ...UNHURRIED };
  return { ...common, DATABASE_URL: urls[service], PORT: String(await freePort()) };
}

const publicUrl = () => `http://127.0.0.1:${port}`;
const administer = (...args: string[]) =>
  roster({ KAFKA_BROKERS: kafka.brokers, PUBLIC_URL: publicUrl(), ROSTER_DATA: folder }, ...args);

const lines = <Line>(said: string) =>
  said
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

async function newDirectory(): Promise<{ directory: string; keyId: string; scim: Scim }> {
  const made = JSON.parse(await administer('directory', 'create', '--name', randomUUID(), '--json')) as { id: string };
  const key = JSON.parse(await administer('key', 'create', '--directory', made.id, '--json')) as {
    id: string;
    token: string;
    tenantUrl: string;
  };
  const scim = new Scim(key.tenantUrl, key.token);
  await eventually(async () => (await scim.get('/Users?count=1')).status === 200);
  return { directory: made.id, keyId: key.id, scim };
}

/** Reads the public topic as any application would, knowing nothing of Roster but the topic's name. */
async function eventsOf(directory: string, until: number): Promise<PublicEvent[]> {
  const consumer = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).consumer({
    groupId: randomUUID(),
  });
  const events: PublicEvent[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: topics.directoryEvents.name, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const event = publicEvent.parse(JSON.parse(message.value?.toString() ?? ''));
      if (event.directory === directory) events.push(event);
      return Promise.resolve();
    },
  });
  try {
    await eventually(() => events.length >= until, { timeoutMs: 30_000 });
    return events;
  } finally {
    await consumer.disconnect();
  }
}

describe('four services as four processes', () => {
  it('provision what Entra sends, and tell every change of it on Kafka, once and in order', async () => {
    const { directory, scim } = await newDirectory();
    const chaos = [...ENTRA_RUN, '--chaos', '--dialect', 'any'];
    expect(await entra(scim.url, scim.token, ...chaos)).toMatchObject({ failed: 0, reasons: [] });
    expect(await entra(scim.url, scim.token, ...chaos, '--restart')).toMatchObject({ ...NOTHING_TO_DO, writes: 0 });

    const listed = (await administer('directory', 'list', '--json')).trim().split('\n');
    const { sequence } = listed
      .map((line) => JSON.parse(line) as { id: string; sequence: number })
      .find(({ id }) => id === directory) ?? { sequence: 0 };
    const all = await eventsOf(directory, sequence);
    expect(all.map((event) => event.sequence)).toEqual(Array.from({ length: sequence }, (_, place) => place + 1));
    expect(mirrorOf(all)).toEqual(mirrorFrom(scim.url, await scim.all('Users'), await scim.all('Groups')));
  }, 180_000);

  it('have all that a run of Entra sent in the provisioning log, within two seconds', async () => {
    const { directory, scim } = await newDirectory();
    const whole = ['log', '--directory', directory, '--all', '--json'];
    const before = lines<LogEntry>(await administer(...whole)).length;
    const run = (await entra(scim.url, scim.token, ...ENTRA_RUN)) as unknown as { requests: number };
    const kept = await eventually(
      async () => {
        const all = lines<LogEntry>(await administer(...whole));
        return all.length >= before + run.requests && all;
      },
      { timeoutMs: 15_000 }, // the command line takes its time to start; how late the log was, the log itself says
    );
    expect(kept).toHaveLength(before + run.requests);
    const late = kept.map(({ at, receivedAt }) => Date.parse(receivedAt) - Date.parse(at));
    expect(Math.max(...late)).toBeLessThan(2_000);
  }, 120_000);

  it('refuse a revoked key within a second', async () => {
    const { keyId, scim } = await newDirectory();
    await administer('key', 'revoke', keyId);
    await eventually(async () => (await scim.get('/Users?count=1')).status === 401, { timeoutMs: 1_000 });
    const refused = await scim.get('/Users?count=1');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await refused.json()).toMatchObject({ status: '401' });
  });

  it('know an attribute of a directory’s own within a second, and so does a gateway that starts later', async () => {
    const { directory, scim } = await newDirectory();
    const wire = new Wire(publicUrl(), scim.token);
    const urn = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
    const { id } = await wire.make('Users', { userName: 'ada', [urn]: { floor: 'not yet declared' } });
    const one = ['--directory', directory, '--urn', urn, '--attribute', 'floor'];
    await administer('schema', 'add', ...one, '--type', 'integer');
    await eventually(async () => (await wire.get(`/v2/Schemas/${urn}`)).status === 200, { timeoutMs: 1_000 });
    const path = `${urn}:floor`;
    expect((await wire.patch(`/v2/Users/${id}`, { op: 'Add', path, value: '3' })).json?.[urn]).toEqual({ floor: 3 });

    const later = String(await freePort());
    const environment = { ...(await environmentOf('gateway')), GATEWAY_PORT: later };
    const gateway = Program.start('gateway', environment);
    running.push(gateway);
    await gateway.shows('is up on port');
    const there = new Wire(`http://127.0.0.1:${later}`, scim.token);
    expect((await there.get(`/v2/Users/${id}`)).json?.[urn]).toEqual({ floor: 3 });
    const found = await there.get(`/v2/Users?filter=${encodeURIComponent(`${path} gt 2`)}`);
    expect(found.json?.totalResults).toBe(1);

    await administer('schema', 'remove', ...one);
    const isGone = async (gate: Wire) => (await gate.get(`/v2/Users/${id}`)).json?.[urn] === undefined;
    await eventually(async () => (await isGone(wire)) && (await isGone(there)), { timeoutMs: 1_000 });
    const told = await eventsOf(directory, 5);
    expect(told.map(({ type }) => type)).toEqual([
      'directory.created.v1',
      'directory.user.created.v1',
      'directory.schema.extended.v1',
      'directory.user.updated.v1',
      'directory.schema.reduced.v1',
    ]);
  });

  it('say in one sentence what is missing when they cannot start', async () => {
    const lost = Program.start('keys', { DATABASE_URL: urls.keys });
    await eventually(() => lost.hasEnded());
    expect(lost.screen).toMatch(/keys cannot start.*KAFKA_BROKERS/s);
    expect(lost.screen).not.toMatch(/ at .*\.js/);
  });
});
