import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { NotifierCommandRequest, NotifierReply } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { ActOnIncident, type Decision } from './incident/incident.handler.js';
import { FindIncidents, ShowIncident } from './incident/incident.queries.js';
import { FindLog, ShowLog } from './log/log.queries.js';
import { SetAddresses, SetWishes, Unsubscribe } from './recipients/recipients.handler.js';
import { ShowTelling } from './recipients/telling.queries.js';
import { SendTest } from './recipients/test.handler.js';
import { AddWebhook, RemoveWebhook } from './recipients/webhook.handler.js';

/** Has each command and question carried out by whoever can, and puts the outcome into the words of the contract. */
@Injectable()
export class NotifierDesk {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** Throws Refusal where a rule says no. */
  async answer({ directory, data, actor }: NotifierCommandRequest): Promise<NotifierReply> {
    switch (data.do) {
      case 'set-addresses': {
        const set = new SetAddresses(named(directory), data.directoryName, data.addresses);
        return { outcome: 'addresses', addresses: await this.commands.execute(set) };
      }
      case 'set-wishes':
        await this.commands.execute(new SetWishes(named(directory), data.directoryName, data));
        return this.telling(named(directory));
      case 'add-webhook':
        return { outcome: 'webhook', ...(await this.commands.execute(new AddWebhook(named(directory), data))) };
      case 'remove-webhook':
        await this.commands.execute(new RemoveWebhook(named(directory), data.id));
        return this.telling(named(directory));
      case 'show-telling':
        return this.telling(named(directory));
      case 'send-test':
        return this.told(new SendTest(named(directory), data.directoryName));
      case 'unsubscribe':
        return this.told(new Unsubscribe(data.token));
      case 'find-log':
        return { outcome: 'log', entries: await this.queries.execute(new FindLog(directory, data)) };
      case 'show-log':
        return { outcome: 'log-entry', ...(await this.queries.execute(new ShowLog(data.id))) };
      case 'find-incidents': {
        const find = new FindIncidents(directory, data.statuses, data.limit);
        return { outcome: 'incidents', incidents: await this.queries.execute(find) };
      }
      case 'show-incident':
        return this.incident(data.id);
      case 'acknowledge-incident':
        return this.decided(data.id, { do: 'acknowledge' }, actor.id);
      case 'mute-incident':
        return this.decided(data.id, { do: 'mute', until: data.until }, actor.id);
      case 'resolve-incident':
        return this.decided(data.id, { do: 'resolve' }, actor.id);
    }
  }

  private async telling(directory: string): Promise<NotifierReply> {
    return { outcome: 'telling', ...(await this.queries.execute(new ShowTelling(directory))) };
  }

  private async told(command: SendTest | Unsubscribe): Promise<NotifierReply> {
    return { outcome: 'told', addresses: await this.commands.execute(command) };
  }

  private async incident(id: string): Promise<NotifierReply> {
    return { outcome: 'incident', ...(await this.queries.execute(new ShowIncident(id))) };
  }

  private async decided(id: string, decision: Decision, by: string): Promise<NotifierReply> {
    await this.commands.execute(new ActOnIncident(id, decision, by));
    return this.incident(id);
  }
}

function named(directory: string | null): string {
  if (directory === null) throw new Refusal('invalid', 'Who is told belongs to a directory; name one.');
  return directory;
}
