import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { type BrokerProcess, freePort, makeBroker, startPostgres, TcpProxy, type TestPostgres } from '#libs/testing';
import { provisionedDatabase } from '../support/database.js';
import { Program, roster } from '../support/program.js';

const GATEWAYS = 4;

export interface FleetOptions {
  /** Everything is logged, so that nothing which must not be can hide; a fleet whose times are measured logs as one in use. */
  logLevel: 'trace' | 'info';
  /** Whether the gateways' way to Kafka leads through this process, which can cut it. */
  isCuttable: boolean;
}

const SEARCHED: FleetOptions = { logLevel: 'trace', isCuttable: true };
/** Nothing of it passes through the process that measures. */
export const MEASURED: FleetOptions = { logLevel: 'info', isCuttable: false };

/** Four gateways behind a wire to Kafka that can be cut, the services past it, on servers of their own. */
export class Fleet {
  private readonly programs: Program[] = [];

  private constructor(
    private readonly folder: string,
    private readonly broker: BrokerProcess,
    private readonly postgres: TestPostgres,
    private readonly urls: Awaited<ReturnType<typeof provisionedDatabase>>,
    /** Between the gateways and Kafka. */
    readonly wire: TcpProxy,
    readonly brokers: string,
    readonly origins: readonly string[],
    private readonly options: FleetOptions,
  ) {}

  static async start(options = SEARCHED): Promise<Fleet> {
    const [inner, outer] = [await freePort(), await freePort()];
    const wire = await TcpProxy.open(outer);
    const broker = await makeBroker([
      { port: inner, advertisedPort: inner },
      { port: outer, advertisedPort: wire.port },
    ]);
    const [postgres] = await Promise.all([startPostgres(), broker.start()]);
    const urls = await provisionedDatabase(postgres.adminUrl);
    const folder = await mkdtemp(join(tmpdir(), 'roster-fleet-'));
    const ports = await Promise.all(Array.from({ length: GATEWAYS }, () => freePort()));
    const origins = ports.map((port) => `http://127.0.0.1:${port}`);
    const fleet = new Fleet(folder, broker, postgres, urls, wire, `127.0.0.1:${inner}`, origins, options);
    for (const service of ['directory', 'keys', 'notifier'] as const) await fleet.launch(service);
    for (const port of ports) await fleet.launch('gateway', port);
    for (const program of fleet.programs) await program.shows('is up on port');
    return fleet;
  }

  administer(...args: string[]): Promise<string> {
    return roster(
      { KAFKA_BROKERS: this.brokers, ROSTER_DATA: this.folder, PUBLIC_URL: this.origins[0] ?? '' },
      ...args,
    );
  }

  /** All that is kept or was said anywhere: every row, every message, every line of every log, every mail. */
  async everything(): Promise<{ tables: string; topics: string; logs: string; mails: string }> {
    return {
      tables: await tablesOf(this.postgres.adminUrl, new URL(this.urls.keys).pathname),
      topics: await topicsOf(this.brokers),
      logs: this.programs.map(({ screen }) => screen).join('\n'),
      mails: await filesIn(join(this.folder, 'mail')),
    };
  }

  async stop(): Promise<void> {
    this.wire.mend();
    await Promise.all(this.programs.map((program) => program.end('SIGTERM')));
    await this.broker.remove();
    await this.wire.close();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async launch(service: 'directory' | 'keys' | 'notifier' | 'gateway', port?: number): Promise<void> {
    const isGateway = service === 'gateway';
    const own: Record<string, string> = isGateway
      ? { GATEWAY_PORT: String(port), PUBLIC_URL: this.origins[0] ?? '', DRAIN_MS: '0' }
      : { DATABASE_URL: this.urls[service], PRIVATE_ISSUERS: '127.0.0.0/8' };
    const brokers = isGateway && this.options.isCuttable ? `127.0.0.1:${this.wire.port}` : this.brokers;
    const common = {
      KAFKA_BROKERS: brokers,
      ROSTER_DATA: this.folder,
      LOG_LEVEL: this.options.logLevel,
      PORT: String(await freePort()),
    };
    this.programs.push(Program.start(service, { ...common, ...own }));
  }
}

async function tablesOf(adminUrl: string, pathname: string): Promise<string> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(adminUrl), { pathname }).href });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('directory', 'keys', 'notifier')`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const { rows: all } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      texts.push(name, ...all.map(({ text }) => text));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

/** Every message that is kept: keys, values and headers. */
async function topicsOf(brokers: string): Promise<string> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  let missing = 0;
  for (const topic of topics) {
    for (const { low, high } of await admin.fetchTopicOffsets(topic)) missing += Number(high) - Number(low);
  }
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `dump-${crypto.randomUUID()}`, readUncommitted: true });
  const texts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  let lastAt = Date.now();
  await consumer.run({
    eachMessage: ({ topic, message: { key, value, headers } }) => {
      lastAt = Date.now();
      texts.push(`${topic} ${String(key)} ${String(value)} ${JSON.stringify(headers)}`);
      return Promise.resolve();
    },
  });
  // Marks of transactions count as offsets and are no messages: what is at rest for a while has been read.
  while (texts.length < missing && Date.now() - lastAt < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await consumer.disconnect();
  return texts.join('\n');
}

async function filesIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.join('\n');
}
