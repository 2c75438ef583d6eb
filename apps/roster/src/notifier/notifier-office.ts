import {
  type LogDetails,
  type LogEntry,
  type LogQuestion,
  type NotifierCommand,
  notifierReply,
  type NotifierReply,
  topics,
} from '#libs/contracts';
import type { Services } from '../bus.client.js';
import { no } from '../refusal.js';

type Outcome<Name extends NotifierReply['outcome']> = Extract<NotifierReply, { outcome: Name }>;

/** What an administrator asks of the notifier. Every method throws Refusal on its "no". */
export class NotifierOffice {
  constructor(private readonly services: Services) {}

  async setAddresses(directory: { id: string; name: string }, addresses: string[]): Promise<string[]> {
    const data = { do: 'set-addresses', addresses, directoryName: directory.name } as const;
    return (await this.ask(directory.id, data, 'addresses')).addresses;
  }

  /** Entries of the provisioning log of a directory, or (null) of requests that no key said whose they are. */
  async findLog(directory: string | null, question: LogQuestion): Promise<LogEntry[]> {
    return (await this.ask(directory, { do: 'find-log', ...question }, 'log')).entries;
  }

  async showLog(id: string): Promise<LogDetails> {
    return this.ask(null, { do: 'show-log', id }, 'log-entry');
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
