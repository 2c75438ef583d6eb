import { randomUUID } from 'node:crypto';
import {
  commandReply,
  type DirectoryCommand,
  type DirectoryQuery,
  type DirectorySummary,
  publicEvent,
  type PublicEvent,
  queryReply,
  type RebuildReport,
  topics,
} from '#libs/contracts';
import type { Extension } from '#libs/scim';
import type { Services } from './bus.client.js';
import { ClientOffice } from './client-office.js';
import { KeyOffice } from './key-office.js';
import { NotifierOffice } from './notifier/notifier-office.js';
import { no, Refusal } from './refusal.js';

type Extending = Extract<DirectoryCommand, { do: 'extend-schema' }>;

/** What an administrator does at the command line, said to the services. Every method throws Refusal on their "no". */
export class Office {
  readonly notifier: NotifierOffice;
  readonly keys: KeyOffice;
  readonly clients: ClientOffice;

  constructor(private readonly services: Services) {
    this.notifier = new NotifierOffice(services);
    const ids = async () => (await this.directories()).map(({ id }) => id);
    this.keys = new KeyOffice(services, ids);
    this.clients = new ClientOffice(services, ids);
  }

  async createDirectory(name: string): Promise<{ id: string; name: string }> {
    const id = randomUUID();
    await this.command(id, { do: 'create-directory', name });
    return { id, name: name.trim() };
  }

  async directories(): Promise<DirectorySummary[]> {
    const reply = await this.query(null, { find: 'directories' });
    if (reply.outcome !== 'directories') throw no(reply);
    return reply.directories;
  }

  /** The directory that people mean by an id, the beginning of one, or a name. */
  async directory(wanted: string): Promise<DirectorySummary> {
    const all = await this.directories();
    const same = all.filter(({ id, name }) => id === wanted || name === wanted);
    const near = all.filter(({ id, name }) => id.startsWith(wanted) || name.toLowerCase() === wanted.toLowerCase());
    const [found, another] = same.length > 0 ? same : near;
    if (found === undefined)
      throw new Refusal(`There is no directory "${wanted}"; "directory list" shows those there are.`);
    if (another !== undefined) throw new Refusal(`More than one directory is meant by "${wanted}"; give its id.`);
    return found;
  }

  async extendSchema(directory: string, what: Omit<Extending, 'do'>): Promise<void> {
    await this.command(directory, { do: 'extend-schema', ...what });
  }

  async reduceSchema(directory: string, what: { urn: string; attribute: string }): Promise<void> {
    await this.command(directory, { do: 'reduce-schema', ...what });
  }

  /** What a directory has of its own. */
  async extensions(directory: string): Promise<Extension[]> {
    const reply = await this.query(directory, { find: 'extensions' });
    if (reply.outcome !== 'extensions') throw no(reply);
    return reply.extensions;
  }

  /** The next changes of a directory after this sequence, oldest first. */
  async changes(directory: string, after: number, limit: number): Promise<PublicEvent[]> {
    const reply = await this.query(directory, { find: 'changes', after, limit });
    if (reply.outcome !== 'changes') throw no(reply);
    return reply.changes.map((change) => publicEvent.parse(change));
  }

  /** How far a run of a rebuild is; with `begin` it is begun, unless it has been. */
  async rebuild(run: string, begin?: 'swap' | 'check'): Promise<RebuildReport> {
    const reply = await this.query(null, { find: 'rebuild', run, begin });
    if (reply.outcome !== 'rebuild') throw no(reply);
    return reply.rebuild;
  }

  private async command(directory: string, data: DirectoryCommand): Promise<void> {
    const reply = commandReply.parse(
      await this.services.ask({ topic: topics.directoryCommands.name, type: 'directory.command', directory, data }),
    );
    if (reply.outcome !== 'done') throw no(reply);
  }

  private async query(directory: string | null, data: DirectoryQuery) {
    return queryReply.parse(
      await this.services.ask({ topic: topics.directoryQueries.name, type: 'directory.query', directory, data }),
    );
  }
}
