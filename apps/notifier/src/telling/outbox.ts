import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type Transaction } from '#libs/postgres';
import { Clock, sentence } from '#libs/service';
import { AddressRefused, type Channel, Channels } from '../channels/channel.js';
import { messageIdOf } from './message-id.js';
import { mailsTried, outboxAge, outboxMails } from '../notifier.metrics.js';
import { Repeating } from '../repeating.js';
import { markFailed, markSent, outboxDepth, takeWaiting, type Waiting } from './outbox.store.js';
import { isGivenUp, nextTry, REFUSALS_MAX } from './patience.js';

const LOOK_MS = 500;

/** Sends what waits, to each address in order, for as long as the service runs. Each channel goes its own pace. */
@Injectable()
export class Outbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Outbox.name);
  private readonly sending: { channel: Channel; loop: Repeating }[];

  constructor(
    private readonly database: Database,
    channels: Channels,
    private readonly clock: Clock,
  ) {
    this.sending = channels.all.map((channel) => {
      const hindered = `the outbox of ${channel.name} cannot be read`;
      return { channel, loop: new Repeating(Outbox.name, LOOK_MS, hindered) };
    });
  }

  onApplicationBootstrap(): void {
    this.measure();
    for (const { channel, loop } of this.sending) {
      loop.begin(async (isEnding) => {
        while (!isEnding() && (await this.sendOne(channel)));
      });
    }
  }

  /** Resolves when what is on its way has been taken or refused. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.sending.map(({ loop }) => loop.end()));
  }

  problems(): string[] {
    return this.sending.flatMap(({ loop }) => loop.problems());
  }

  /** Asked for at each look at the metrics, by a statement each. */
  private measure(): void {
    const depth = () => outboxDepth(this.database, this.clock.now());
    outboxMails.read(async () => {
      const { due, later } = await depth();
      return [
        [{ state: 'due' }, due],
        [{ state: 'later' }, later],
      ];
    });
    outboxAge.read(async () => [[{}, (await depth()).oldestDueS]]);
  }

  /** False when nothing is due. Sending and marking share a transaction: only a crash between the two sends it twice. */
  private async sendOne(channel: Channel): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const waiting = await takeWaiting(transaction, channel.name, this.clock.now());
      if (waiting === undefined) return false;
      const { thread, step, address, made_at: madeAt, facts: notice } = waiting;
      try {
        await channel.send({ messageId: messageIdOf(thread, step, address), notice, address, madeAt });
      } catch (error) {
        await this.failed(transaction, channel, waiting, error);
        return true;
      }
      await markSent(transaction, channel.name, waiting, this.clock.now());
      mailsTried.add({ channel: channel.name, outcome: 'sent' });
      return true;
    });
  }

  private async failed(transaction: Transaction, channel: Channel, waiting: Waiting, error: unknown): Promise<void> {
    const now = this.clock.now();
    const isRefusal = error instanceof AddressRefused;
    const isSuppressed = isRefusal && waiting.refusals + 1 >= REFUSALS_MAX;
    const isOver = isSuppressed || isGivenUp(waiting.made_at, now);
    const nextTryAt = nextTry(waiting.failures + 1, now);
    const reason = sentence(error);
    await markFailed(transaction, channel.name, waiting, {
      now,
      isRefusal,
      isGivenUp: isOver,
      isSuppressed,
      nextTryAt,
      reason,
    });
    mailsTried.add({ channel: channel.name, outcome: isOver ? 'given up' : 'failed' });
    const then = isOver ? 'given up' : `trying again at ${nextTryAt.toISOString()}`;
    this.log.warn(`${channel.name} ${waiting.id} could not be sent, ${then}: ${reason}`);
  }
}
