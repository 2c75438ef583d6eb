import {
  type KeyCommand,
  type KeyDeed,
  type KeyReply,
  keyReply,
  type KeyScope,
  type KeySummary,
  type RotationGrace,
  topics,
} from '#libs/contracts';
import type { Services } from './bus.client.js';
import { no, Refusal } from './refusal.js';
import { newId, sealing } from './sealing.js';

const SCOPES: KeyScope[] = ['scim:read', 'scim:write', 'events:read'];

export interface NewKey {
  name: string;
  expiresInDays: number | null;
  scopes?: KeyScope[];
  requestsPerSecond?: number;
}

/** What an administrator does with keys. `directory: null`: those that reach all. Every method throws Refusal on a "no". */
export class KeyOffice {
  constructor(
    private readonly services: Services,
    /** The ids of all directories. */
    private readonly directories: () => Promise<string[]>,
  ) {}

  async create(directory: string | null, { scopes = SCOPES, ...asked }: NewKey) {
    const { sealTo, open } = await sealing();
    const reach = directory === null ? ({ reach: 'all' } as const) : {};
    const reply = await this.ask(directory, { do: 'issue-key', id: newId(), scopes, sealTo, ...asked, ...reach });
    if (reply.outcome !== 'issued') throw no(reply);
    return { key: reply.key, token: await open(reply.sealedSecret) };
  }

  /** The keys of one directory. */
  async list(directory: string | null): Promise<KeySummary[]> {
    const reply = await this.ask(directory, { do: 'list-keys', ...(directory === null && { reach: 'all' }) });
    if (reply.outcome !== 'keys') throw no(reply);
    return reply.keys;
  }

  /** The keys of all directories, and those that reach all. */
  async listAll(): Promise<KeySummary[]> {
    const all = [null, ...(await this.directories())];
    return (await Promise.all(all.map((directory) => this.list(directory)))).flat();
  }

  async show(id: string): Promise<{ key: KeySummary; history: KeyDeed[] }> {
    const reply = await this.ask((await this.find(id)).directory, { do: 'show-key', id });
    if (reply.outcome !== 'key') throw no(reply);
    return reply;
  }

  async rotate(id: string, options: { grace: RotationGrace; expiresInDays?: number | null }) {
    const { directory } = await this.find(id);
    const { sealTo, open } = await sealing();
    const reply = await this.ask(directory, { do: 'rotate-key', id, successor: newId(), sealTo, ...options });
    if (reply.outcome !== 'rotated') throw no(reply);
    return { key: reply.key, old: reply.old, token: await open(reply.sealedSecret) };
  }

  async revoke(id: string): Promise<KeySummary> {
    const reply = await this.ask((await this.find(id)).directory, { do: 'revoke-key', id });
    if (reply.outcome !== 'revoked') throw no(reply);
    return reply.key;
  }

  async change(id: string, how: 'disable-key' | 'enable-key'): Promise<KeySummary> {
    return this.changed(await this.ask((await this.find(id)).directory, { do: how, id }));
  }

  async limit(id: string, requestsPerSecond: number | null): Promise<KeySummary> {
    return this.changed(await this.ask((await this.find(id)).directory, { do: 'limit-key', id, requestsPerSecond }));
  }

  async allow(directory: string | null, liveKeysMax: number): Promise<number> {
    const reply = await this.ask(directory, { do: 'allow-keys', liveKeysMax });
    if (reply.outcome !== 'allowed') throw no(reply);
    return reply.liveKeysMax;
  }

  private changed(reply: KeyReply): KeySummary {
    if (reply.outcome !== 'changed') throw no(reply);
    return reply.key;
  }

  private async find(id: string): Promise<KeySummary> {
    const key = (await this.listAll()).find((one) => one.id === id);
    if (key === undefined) throw new Refusal(`There is no key "${id}"; "key list" shows those there are.`);
    return key;
  }

  private async ask(directory: string | null, data: KeyCommand): Promise<KeyReply> {
    const question = { topic: topics.keysCommands.name, type: 'keys.command', directory, data };
    return keyReply.parse(await this.services.ask(question));
  }
}
