import { randomUUID } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import {
  type IncidentDetails,
  type IncidentStatus,
  type IncidentSummary,
  type LogDetails,
  type LogEntry,
  type LogQuestion,
  type NotifierCommand,
  notifierReply,
  type NotifierReply,
  type Telling,
  type TellingWishes,
  topics,
} from '#libs/contracts';
import type { Services } from '../bus.client.js';
import { no } from '../refusal.js';

type Outcome<Name extends NotifierReply['outcome']> = Extract<NotifierReply, { outcome: Name }>;
interface Named {
  id: string;
  name: string;
}

/** What an administrator asks of the notifier. Every method throws Refusal on its "no". */
export class NotifierOffice {
  constructor(private readonly services: Services) {}

  async setAddresses({ id, name }: Named, addresses: string[]): Promise<string[]> {
    const data = { do: 'set-addresses', addresses, directoryName: name } as const;
    return (await this.ask(id, data, 'addresses')).addresses;
  }

  setWishes({ id, name }: Named, wishes: TellingWishes): Promise<Telling> {
    return this.ask(id, { do: 'set-wishes', directoryName: name, ...wishes }, 'telling');
  }

  showTelling(directory: string): Promise<Telling> {
    return this.ask(directory, { do: 'show-telling' }, 'telling');
  }

  async sendTest({ id, name }: Named): Promise<string[]> {
    return (await this.ask(id, { do: 'send-test', directoryName: name }, 'told')).addresses;
  }

  /** A new webhook with its secret, which comes sealed to a key pair that lives only here and now. */
  async addWebhook({ id: directory, name }: Named, url: string): Promise<{ id: string; secret: string }> {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const sealTo = { ...(await exportJWK(publicKey)) };
    const data = { do: 'add-webhook', id: randomUUID(), url, directoryName: name, sealTo } as const;
    const { id, sealedSecret } = await this.ask(directory, data, 'webhook');
    const { plaintext } = await compactDecrypt(sealedSecret, privateKey);
    return { id, secret: new TextDecoder().decode(plaintext) };
  }

  async removeWebhook(directory: string, id: string): Promise<void> {
    await this.ask(directory, { do: 'remove-webhook', id }, 'telling');
  }

  /** Entries of the provisioning log of a directory, or (null) of requests that no key said whose they are. */
  async findLog(directory: string | null, question: LogQuestion): Promise<LogEntry[]> {
    return (await this.ask(directory, { do: 'find-log', ...question }, 'log')).entries;
  }

  showLog(id: string): Promise<LogDetails> {
    return this.ask(null, { do: 'show-log', id }, 'log-entry');
  }

  /** The incidents of a directory, or (null) of all. */
  async findIncidents(directory: string | null, statuses: IncidentStatus[], limit: number): Promise<IncidentSummary[]> {
    return (await this.ask(directory, { do: 'find-incidents', statuses, limit }, 'incidents')).incidents;
  }

  showIncident(id: string): Promise<IncidentDetails> {
    return this.ask(null, { do: 'show-incident', id }, 'incident');
  }

  acknowledge(id: string): Promise<IncidentDetails> {
    return this.ask(null, { do: 'acknowledge-incident', id }, 'incident');
  }

  mute(id: string, until: Date): Promise<IncidentDetails> {
    return this.ask(null, { do: 'mute-incident', id, until: until.toISOString() }, 'incident');
  }

  resolve(id: string): Promise<IncidentDetails> {
    return this.ask(null, { do: 'resolve-incident', id }, 'incident');
  }

  private async ask<Name extends NotifierReply['outcome']>(
    directory: string | null,
    data: NotifierCommand,
    outcome: Name,
  ): Promise<Outcome<Name>> {
    const question = { topic: topics.notifierCommands.name, type: 'notifier.command', directory, data };
    const reply = notifierReply.parse(await this.services.ask(question));
    if (reply.outcome !== outcome) throw no(reply);
    return reply as Outcome<Name>;
  }
}
