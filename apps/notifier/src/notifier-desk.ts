import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { NotifierCommandRequest, NotifierReply } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { FindLog, ShowLog } from './log/log.queries.js';
import { SetAddresses } from './recipients/recipients.handler.js';

/** Has each command and question carried out by whoever can, and puts the outcome into the words of the contract. */
@Injectable()
export class NotifierDesk {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** Throws Refusal where a rule says no. */
  async answer({ directory, data }: NotifierCommandRequest): Promise<NotifierReply> {
    switch (data.do) {
      case 'set-addresses': {
        const set = new SetAddresses(named(directory), data.directoryName, data.addresses);
        return { outcome: 'addresses', addresses: await this.commands.execute(set) };
      }
      case 'find-log':
        return { outcome: 'log', entries: await this.queries.execute(new FindLog(directory, data)) };
      case 'show-log':
        return { outcome: 'log-entry', ...(await this.queries.execute(new ShowLog(data.id))) };
    }
  }
}

function named(directory: string | null): string {
  if (directory === null) throw new Refusal('invalid', 'Addresses belong to a directory; name one.');
  return directory;
}
