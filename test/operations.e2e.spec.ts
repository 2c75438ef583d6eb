import { randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import { eventually, startKafka, startPostgres, type TestKafka, type TestPostgres } from '#libs/testing';
import { Collector } from './support/collector.js';
import type { Scim } from './support/scim.js';
import { Services, type ServiceName } from './support/services.js';

const NAMES: readonly ServiceName[] = ['gateway', 'directory', 'keys', 'notifier'];
const DRAIN_MS = 1_500;

let kafka: TestKafka;
let postgres: TestPostgres;
let collector: Collector;
let services: Services;
let scim: Scim;

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const servers = { brokers: kafka.brokers, adminUrl: postgres.adminUrl };
  collector = await Collector.open();
  services = await Services.start(servers, {
    LOG_LEVEL: 'debug',
    DRAIN_MS: String(DRAIN_MS),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  ({ scim } = await services.newDirectory());
});

afterAll(async () => {
  await services.stop();
  await collector.close();
  await postgres.stop();
  await kafka.stop();
});

/** The value of a series; undefined when there is none. */
async function metric(service: ServiceName, series: string): Promise<number | undefined> {
  const { text } = await services.ask(service, '/metrics');
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const url = (path: string) => `http://127.0.0.1:${services.port}${path}`;

describe('services that an operator looks at', () => {
  it('are ready, each on a port of its own', async () => {
    for (const name of NAMES) {
      expect(await services.ask(name, '/health/live')).toMatchObject({ status: 200 });
      await eventually(async () => (await services.ask(name, '/health/ready')).status === 200);
      expect(await metric(name, 'roster_ready')).toBe(1);
      expect(await metric(name, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    }
    expect((await fetch(url('/health/ready'))).status).toBe(200);
    expect((await fetch(url('/metrics'))).status).toBe(404);
  });

  it('count what they do, and how far they are behind', async () => {
    const users = 20;
    const made = (await metric('gateway', series('/v2/Users', 'POST', '2xx'))) ?? 0;
    await Promise.all(Array.from({ length: users }, (_, at) => scim.post('/Users', { userName: `ada-${at}` })));
    expect((await scim.post('/Users', { userName: 'ADA-1' })).status).toBe(409);

    expect(await metric('gateway', series('/v2/Users', 'POST', '2xx'))).toBe(made + users);
    expect(await metric('gateway', series('/v2/Users', 'POST', '4xx'))).toBe(1);
    expect(await metric('gateway', 'roster_gateway_key_table_age_seconds')).toBeLessThan(5);
    expect(await metric('gateway', 'roster_gateway_keys_known')).toBeGreaterThan(0);
    expect(await metric('directory', 'roster_directory_commands_total{outcome="refused"}')).toBe(1);
    expect(await metric('directory', 'roster_directory_batch_commands_count')).toBeGreaterThan(0);
    expect(await metric('directory', 'roster_directory_partitions_owned')).toBe(16);
    await eventually(
      async () => ((await metric('directory', 'roster_directory_publish_delay_seconds_count')) ?? 0) > 0,
    );
    for (let partition = 0; partition < 16; partition += 1) {
      const lag = `roster_kafka_lag_messages{topic="directory.commands",partition="${partition}"}`;
      await eventually(async () => (await metric('directory', lag)) === 0);
    }
    expect(await metric('notifier', 'roster_notifier_outbox_mails{state="due"}')).toBe(0);
  });

  it('keep the number of their series, whatever is asked of them', async () => {
    const count = async () => (await services.ask('gateway', '/metrics')).text.match(/^roster_/gm)?.length;
    const ask = async (turn: number) => {
      const id = randomUUID();
      await scim.get(`/Users/${id}`);
      await fetch(url(`/${id}/${turn}`), { headers: { 'x-request-id': id } });
      await fetch(url(`/v2/${id}`), { method: turn % 2 === 0 ? 'PROPFIND' : 'LOCK' });
      await fetch(url(`/v2/Schemas/${id}`));
    };
    for (let turn = 0; turn < 2; turn += 1) await ask(turn);
    const before = await count();
    for (let turn = 2; turn < 50; turn += 1) await ask(turn);
    expect(await count()).toBe(before);
    const all = (await services.ask('gateway', '/metrics')).text;
    expect(all).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('make one trace of a request, from its sender through Kafka to the commit and the answer', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const sender = '00f067aa0ba902b7';
    const answer = await fetch(url('/v2/Users'), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${scim.token}`,
        'content-type': 'application/scim+json',
        traceparent: `00-${traceId}-${sender}-01`,
      },
      body: JSON.stringify({ userName: 'grace' }),
    });
    expect(answer.status).toBe(201);
    await eventually(() => collector.trace(traceId).length >= 6);
    const spans = collector.trace(traceId);
    const chain = (name: string): string[] => {
      const span = spans.find((one) => one.name === name);
      if (span === undefined) return [];
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      return [`${span.service}: ${name}`, ...(parent === undefined ? [span.parentSpanId] : chain(parent.name))];
    };
    for (const step of ['decide', 'commit', 'reply']) {
      expect(chain(step)).toEqual([
        `roster-directory: ${step}`,
        'roster-directory: directory.commands process',
        'roster-gateway: directory.commands',
        'roster-gateway: POST /v2/Users',
        sender,
      ]);
    }
    for (const { from, to } of spans) expect(to).toBeGreaterThanOrEqual(from);
  });

  it('log lines of JSON that one request can be followed by, and no secret', async () => {
    const correlationId = randomUUID();
    await fetch(url('/v2/Users?filter=userName+eq+"ada"'), {
      headers: { authorization: `Bearer ${scim.token}`, 'x-request-id': correlationId },
    });
    await fetch(url('/v2/Users'), { headers: { authorization: `Bearer ${scim.token.slice(0, -1)}x` } });
    await eventually(() => services.programs.gateway.screen.includes(correlationId));
    for (const name of NAMES) {
      const { screen } = services.programs[name];
      for (const line of screen.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
      expect(screen).toContain(`"service":"${name}"`);
      expect(screen).not.toContain(scim.token.slice(16));
      expect(screen).not.toMatch(/only-for-tests/); // the password in every DATABASE_URL
    }
  });

  it('end without a failed request: not ready first, then drained, then gone', async () => {
    const agent = new Agent({ keepAlive: true });
    const ask = () =>
      new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        const headers = { authorization: `Bearer ${scim.token}` };
        get(url('/v2/Users?count=1'), { agent, headers }, (answer) => {
          answer.resume().once('end', () => {
            resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection });
          });
        }).once('error', reject);
      });
    expect(await ask()).toEqual({ status: 200, connection: 'keep-alive' });
    const began = Date.now();
    const ended = services.programs.gateway.end('SIGTERM');
    await eventually(async () => (await services.ask('gateway', '/health/ready')).status === 503);
    expect(await ask()).toEqual({ status: 200, connection: 'close' });
    expect(await ask()).toEqual({ status: 200, connection: 'close' });
    await ended;
    expect(Date.now() - began).toBeGreaterThanOrEqual(DRAIN_MS);
    agent.destroy();
    for (const name of ['directory', 'keys', 'notifier'] as const) await services.programs[name].end('SIGTERM');
    for (const name of NAMES) expect(services.programs[name].exitCode).toBe(0);
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});

const series = (route: string, method: string, status: string) =>
  `roster_http_request_duration_seconds_count{route="${route}",method="${method}",status="${status}"}`;
