import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrokerProcess, eventually, freePort, makeBroker, PostgresProcess, TcpProxy } from '#libs/testing';
import { provisionedDatabase } from '../support/database.js';
import { UNHURRIED } from '../support/embedded.js';
import { Program, roster } from '../support/program.js';

export type Service = 'directory-1' | 'directory-2' | 'gateway-1' | 'gateway-2' | 'keys';
const SERVICES: readonly Service[] = ['directory-1', 'directory-2', 'keys', 'gateway-1', 'gateway-2'];

/** Wires that a nemesis can cut: all that services say to one another, and to clients, goes over one of these. */
export type Wire = 'gateways to Kafka' | 'directories to Kafka' | 'PostgreSQL' | 'clients to gateway-1';

const START_MS_MAX = 60_000;

/** The services as processes on servers of their own, each of which may be killed, frozen, restarted and cut off. */
export class System {
  private readonly programs = new Map<Service, Program>();
  private readonly ports = new Map<Service, number>();

  private constructor(
    private readonly folder: string,
    readonly broker: BrokerProcess,
    readonly postgres: PostgresProcess,
    readonly wires: Record<Wire, TcpProxy>,
    private readonly urls: Record<'directory' | 'keys' | 'notifier', string>,
    /** The brokers, past all wires. */
    readonly brokers: string,
  ) {}

  static async start(): Promise<System> {
    const [inner, gateways, directories] = [await freePort(), await freePort(), await freePort()];
    const wires = {
      'gateways to Kafka': await TcpProxy.open(gateways),
      'directories to Kafka': await TcpProxy.open(directories),
      PostgreSQL: await TcpProxy.open(0),
      'clients to gateway-1': await TcpProxy.open(0),
    };
    const broker = await makeBroker([
      { port: inner, advertisedPort: inner },
      { port: gateways, advertisedPort: wires['gateways to Kafka'].port },
      { port: directories, advertisedPort: wires['directories to Kafka'].port },
    ]);
    const postgres = await PostgresProcess.make();
    const [adminUrl] = await Promise.all([postgres.start(), broker.start()]);
    const own = await provisionedDatabase(adminUrl);
    wires.PostgreSQL.lead(Number(new URL(adminUrl).port));
    const folder = await mkdtemp(join(tmpdir(), 'roster-faults-'));
    const system = new System(folder, broker, postgres, wires, own, `127.0.0.1:${inner}`);
    for (const service of SERVICES) system.ports.set(service, await freePort());
    wires['clients to gateway-1'].lead(system.ports.get('gateway-1') ?? 0);
    await Promise.all(SERVICES.map((service) => system.launch(service)));
    return system;
  }

  /** Where clients find the gateways; the first one behind a wire. */
  get gateways(): [number, number] {
    return [this.wires['clients to gateway-1'].port, this.ports.get('gateway-2') ?? 0];
  }

  /** The URL of a service's own part of the database, past all wires. */
  url(of: 'directory' | 'keys'): string {
    return this.urls[of];
  }

  pid(service: Service): number | undefined {
    return this.programs.get(service)?.pid;
  }

  async launch(service: Service, more: Record<string, string> = {}): Promise<void> {
    const environment = { ...this.environment(service), ...more };
    const program = Program.start(service.split('-')[0] ?? service, environment);
    this.programs.set(service, program);
    await program.shows('is up on port', START_MS_MAX);
  }

  async end(service: Service, signal: NodeJS.Signals): Promise<void> {
    await this.programs.get(service)?.end(signal);
  }

  /** Starts whatever does not run any more: a service that could not start while its servers were away gave up. */
  async revive(): Promise<void> {
    for (const service of SERVICES) {
      if (this.pid(service) === undefined) await eventually(() => this.launched(service), { timeoutMs: START_MS_MAX });
    }
  }

  async restartPostgres(): Promise<void> {
    const url = await this.postgres.start();
    const port = new URL(url).port;
    this.wires.PostgreSQL.lead(Number(port));
    for (const [name, own] of Object.entries(this.urls)) {
      const moved = new URL(own);
      moved.port = port;
      this.urls[name as keyof typeof this.urls] = moved.href;
    }
  }

  async administer(...args: string[]): Promise<string> {
    return roster({ KAFKA_BROKERS: this.brokers, ROSTER_DATA: this.folder }, ...args);
  }

  /** A directory and a token for it. */
  async newDirectory(): Promise<{ directory: string; token: string }> {
    const { id } = JSON.parse(await this.administer('directory', 'create', '--name', randomUUID(), '--json')) as {
      id: string;
    };
    const { token } = JSON.parse(await this.administer('key', 'create', '--directory', id, '--json')) as {
      token: string;
    };
    return { directory: id, token };
  }

  /** What a service has said so far. */
  said(service: Service): string {
    return this.programs.get(service)?.screen ?? '';
  }

  async stop(): Promise<void> {
    await Promise.all(SERVICES.map((service) => this.end(service, 'SIGTERM')));
    await this.broker.remove();
    await this.postgres.remove();
    await Promise.all(Object.values(this.wires).map((wire) => wire.close()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async launched(service: Service): Promise<boolean> {
    await this.launch(service);
    return true;
  }

  private environment(service: Service): Record<string, string> {
    const wire = service.startsWith('directory') ? 'directories to Kafka' : 'gateways to Kafka';
    const common = { KAFKA_BROKERS: `127.0.0.1:${this.wires[wire].port}`, LOG_LEVEL: 'info' };
    const port = String(this.ports.get(service) ?? 0);
    if (service.startsWith('gateway')) {
      return {
        ...common,
        GATEWAY_PORT: port,
        PUBLIC_URL: 'http://roster.test',
        REQUEST_TIMEOUT_MS: '2500',
        ...UNHURRIED,
      };
    }
    const url = new URL(this.urls[service === 'keys' ? 'keys' : 'directory']);
    url.port = String(this.wires.PostgreSQL.port);
    return { ...common, PORT: port, DATABASE_URL: url.href };
  }
}
