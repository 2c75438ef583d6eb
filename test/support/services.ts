import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { eventually, freePort } from '#libs/testing';
import { provisionedDatabase } from './database.js';
import { Program, roster } from './program.js';
import { Scim } from './scim.js';

export type ServiceName = 'gateway' | 'directory' | 'keys' | 'notifier';
const NAMES: readonly ServiceName[] = ['directory', 'keys', 'notifier', 'gateway'];

/** The four services as processes, one of each, on servers that somebody else started. */
export class Services {
  private constructor(
    private readonly folder: string,
    private readonly servers: { brokers: string; urls: Record<'directory' | 'keys' | 'notifier', string> },
    private readonly environment: Record<string, string>,
    /** Where SCIM is served. */
    readonly port: number,
    readonly operations: Record<ServiceName, number>,
    readonly programs: Record<ServiceName, Program>,
  ) {}

  /** Starts them all; `environment` is told to each of them. */
  static async start(
    servers: { brokers: string; adminUrl: string },
    environment: Record<string, string> = {},
  ): Promise<Services> {
    const folder = await mkdtemp(join(tmpdir(), 'roster-services-'));
    const urls = await provisionedDatabase(servers.adminUrl);
    const port = await freePort();
    const operations = { gateway: 0, directory: 0, keys: 0, notifier: 0 };
    for (const name of NAMES) operations[name] = await freePort();
    const told = { KAFKA_BROKERS: servers.brokers, ROSTER_DATA: folder, ...environment };
    const start = (name: ServiceName) =>
      Program.start(name, {
        ...told,
        PORT: String(operations[name]),
        ...(name === 'gateway'
          ? { GATEWAY_PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` }
          : { DATABASE_URL: urls[name] }),
      });
    const programs = {
      directory: start('directory'),
      keys: start('keys'),
      notifier: start('notifier'),
      gateway: start('gateway'),
    };
    for (const name of NAMES) await programs[name].shows('is up on port');
    return new Services(folder, { brokers: servers.brokers, urls }, told, port, operations, programs);
  }

  /** Uses the command line against them. */
  administer(...args: string[]): Promise<string> {
    return roster({ ...this.environment, PUBLIC_URL: `http://127.0.0.1:${this.port}` }, ...args);
  }

  /** A new directory with a key that the gateway knows already. */
  async newDirectory(): Promise<{ directory: string; keyId: string; scim: Scim }> {
    const made = JSON.parse(await this.administer('directory', 'create', '--name', randomUUID(), '--json')) as {
      id: string;
    };
    const key = JSON.parse(await this.administer('key', 'create', '--directory', made.id, '--json')) as {
      id: string;
      token: string;
      tenantUrl: string;
    };
    const scim = new Scim(key.tenantUrl, key.token);
    await eventually(async () => (await scim.get('/Users?count=1')).status === 200);
    return { directory: made.id, keyId: key.id, scim };
  }

  /** What a service answers on its operations port. */
  async ask(name: ServiceName, path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.operations[name]}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.programs).map((program) => program.end('SIGTERM')));
    await rm(this.folder, { recursive: true, force: true });
  }
}
