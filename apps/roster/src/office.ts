import { randomBytes, randomUUID } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import {
  commandReply,
  type DirectoryCommand,
  type DirectoryQuery,
  type DirectorySummary,
  type KeyCommand,
  type KeyReply,
  keyReply,
  type KeyScope,
  type KeySummary,
  publicEvent,
  type PublicEvent,
  queryReply,
  type RebuildReport,
  topics,
} from '#libs/contracts';
import type { Extension } from '#libs/scim';
import type { Services } from './bus.client.js';
import { NotifierOffice } from './notifier/notifier-office.js';
import { no, Refusal } from './refusal.js';

type Extending = Extract<DirectoryCommand, { do: 'extend-schema' }>;

const KEY_ID_LENGTH = 10;
const KEY_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** What an administrator does at the command line, said to the services. Every method throws Refusal on their "no". */
export class Office {
  readonly notifier: NotifierOffice;

  constructor(private readonly services: Services) {
    this.notifier = new NotifierOffice(services);
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

  async createKey(
    directory: string,
    options: { name: string; expiresInDays: number | null },
  ): Promise<{ key: KeySummary; token: string }> {
    // The secret comes back sealed to a key pair that lives only here and now.
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const scopes: KeyScope[] = ['scim:read', 'scim:write', 'events:read'];
    const sealTo = { ...(await exportJWK(publicKey)) };
    const reply = await this.keys(directory, { do: 'issue-key', id: newKeyId(), scopes, sealTo, ...options });
    if (reply.outcome !== 'issued') throw no(reply);
    const { plaintext } = await compactDecrypt(reply.sealedSecret, privateKey);
    return { key: reply.key, token: new TextDecoder().decode(plaintext) };
  }

  /** The keys of one directory, or (null) of all. */
  async listKeys(directory: string | null): Promise<KeySummary[]> {
    if (directory === null) {
      const all = await this.directories();
      return (await Promise.all(all.map(({ id }) => this.listKeys(id)))).flat();
    }
    const reply = await this.keys(directory, { do: 'list-keys' });
    if (reply.outcome !== 'keys') throw no(reply);
    return reply.keys;
  }

  async revokeKey(id: string): Promise<KeySummary> {
    const key = (await this.listKeys(null)).find((one) => one.id === id);
    if (key === undefined) throw new Refusal(`There is no key "${id}"; "key list" shows those there are.`);
    const reply = await this.keys(key.directory, { do: 'revoke-key', id });
    if (reply.outcome !== 'revoked') throw no(reply);
    return reply.key;
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

  private async keys(directory: string, data: KeyCommand): Promise<KeyReply> {
    return keyReply.parse(
      await this.services.ask({ topic: topics.keysCommands.name, type: 'keys.command', directory, data }),
    );
  }
}

function newKeyId(): string {
  // 252 is the largest multiple of 36 that a byte holds: without the cut some letters would be likelier.
  let id = '';
  while (id.length < KEY_ID_LENGTH) {
    for (const byte of randomBytes(KEY_ID_LENGTH)) {
      if (byte < 252 && id.length < KEY_ID_LENGTH) id += KEY_ID_LETTERS.charAt(byte % KEY_ID_LETTERS.length);
    }
  }
  return id;
}
