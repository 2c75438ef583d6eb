import {
  type ClientSummary,
  type Federation,
  type KeyCommand,
  type KeyReply,
  keyReply,
  type KeyScope,
  topics,
} from '#libs/contracts';
import type { Services } from './bus.client.js';
import { no, Refusal } from './refusal.js';
import { newId, sealing } from './sealing.js';

export interface NewClient {
  name: string;
  scopes: KeyScope[];
  tokenLifeS?: number;
  expiresInDays: number | null;
  federation?: Federation;
}

/** What an administrator does with OAuth clients. `directory: null`: those that reach all. Throws Refusal on a "no". */
export class ClientOffice {
  constructor(
    private readonly services: Services,
    /** The ids of all directories. */
    private readonly directories: () => Promise<string[]>,
  ) {}

  /** Registers a client; with a first secret unless it shows assertions. */
  async create(directory: string | null, { expiresInDays, federation, ...asked }: NewClient) {
    const { sealTo, open } = await sealing();
    const proof = federation === undefined ? { secret: { id: newId(), expiresInDays, sealTo } } : { federation };
    const reach = directory === null ? ({ reach: 'all' } as const) : {};
    const data = { do: 'register-client', id: `rc_${newId()}`, ...asked, ...proof, ...reach } as const;
    const { client, sealedSecret } = made(await this.ask(directory, data));
    return { client, secret: sealedSecret === undefined ? undefined : await open(sealedSecret) };
  }

  async list(directory: string | null): Promise<ClientSummary[]> {
    const reply = await this.ask(directory, { do: 'list-clients', ...(directory === null && { reach: 'all' }) });
    if (reply.outcome !== 'clients') throw no(reply);
    return reply.clients;
  }

  /** The clients of all directories, and those that reach all. */
  async listAll(): Promise<ClientSummary[]> {
    const all = [null, ...(await this.directories())];
    return (await Promise.all(all.map((directory) => this.list(directory)))).flat();
  }

  async addSecret(id: string, expiresInDays: number | null) {
    const { directory } = await this.find(id);
    const { sealTo, open } = await sealing();
    const secret = { id: newId(), expiresInDays, sealTo };
    const { client, sealedSecret } = made(await this.ask(directory, { do: 'add-client-secret', id, secret }));
    if (sealedSecret === undefined) throw new Error('a secret was asked for, none came');
    return { client, secret: await open(sealedSecret) };
  }

  async revokeSecret(id: string, secretId: string): Promise<ClientSummary> {
    const { directory } = await this.find(id);
    return made(await this.ask(directory, { do: 'revoke-client-secret', id, secretId })).client;
  }

  async revoke(id: string): Promise<ClientSummary> {
    return made(await this.ask((await this.find(id)).directory, { do: 'revoke-client', id })).client;
  }

  private async find(id: string): Promise<ClientSummary> {
    const client = (await this.listAll()).find((one) => one.id === id);
    if (client === undefined) throw new Refusal(`There is no client "${id}"; "client list" shows those there are.`);
    return client;
  }

  private async ask(directory: string | null, data: KeyCommand): Promise<KeyReply> {
    const question = { topic: topics.keysCommands.name, type: 'keys.command', directory, data };
    return keyReply.parse(await this.services.ask(question));
  }
}

function made(reply: KeyReply) {
  if (reply.outcome !== 'client') throw no(reply);
  return reply;
}
