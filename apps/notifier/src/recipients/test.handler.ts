import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Refusal } from '#libs/event-sourcing';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { CHANNELS } from '../channels/channel.js';
import type { Notice } from '../telling/notice.js';
import { addressesOf, keepNotice } from '../telling/notice.store.js';
import { shortName } from '../telling/subject-line.js';

/** Send a test to everybody who is told of a directory; the answer is to how many. Throws Refusal when there is nobody. */
export class SendTest extends Command<string[]> {
  constructor(
    readonly directory: string,
    readonly directoryName: string,
  ) {
    super();
  }
}

@CommandHandler(SendTest)
export class SendTestHandler implements ICommandHandler<SendTest> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, directoryName }: SendTest): Promise<string[]> {
    const now = this.clock.now();
    const notice: Notice = {
      kind: 'test',
      directory: { id: directory, name: directoryName },
      thread: randomUUID(),
      step: 1,
      subject: `Roster: a test for ${shortName(directoryName)}`,
      at: now.toISOString(),
      incidents: [],
    };
    return this.database.transaction(async (transaction) => {
      const told: string[] = [];
      for (const channel of CHANNELS) {
        const addresses = await addressesOf(transaction, directory, channel);
        if (addresses.length === 0) continue;
        await keepNotice(transaction, channel, notice, addresses, now);
        told.push(...addresses);
      }
      if (told.length === 0) {
        throw new Refusal(
          'invalid',
          'Nobody is told of this directory, or nobody can be reached: "notify show" says more.',
        );
      }
      return told;
    });
  }
}
