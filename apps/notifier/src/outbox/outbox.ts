import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type Transaction } from '#libs/postgres';
import { Clock, sentence } from '#libs/service';
import { AddressRefused, MailChannel } from '../mail/mail.channel.js';
import { letter } from '../notice/letter.js';
import { closeDueNotices, prune } from '../notice/notice.queries.js';
import { markFailed, markSent, type PendingMail, takeDueMail } from './outbox.queries.js';
import { nextTry } from './patience.js';

const LOOK_MS = 500;
const PRUNE_MS = 60 * 60_000;

/** Sends what is due, one mail after the other, for as long as the service runs. */
@Injectable()
export class Outbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Outbox.name);
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private failure: string | undefined;
  private prunedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly channel: MailChannel,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Resolves when the mail that is on its way has been taken or refused. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  problems(): string[] {
    return this.failure === undefined ? [] : [this.failure];
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        await this.sweep();
        this.failure = undefined;
      } catch (error) {
        this.failure = `the outbox cannot be read: ${sentence(error)}`;
        this.log.error(this.failure);
      }
      await pause(LOOK_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const { directory, addresses } of await closeDueNotices(this.database, now)) {
      if (addresses === 0) this.log.warn(`directory ${directory} has failures and no address to tell them to`);
    }
    while (!this.ending.signal.aborted && (await this.sendOne()));
    if (now.getTime() - this.prunedAt < PRUNE_MS) return;
    await prune(this.database, now);
    this.prunedAt = now.getTime();
  }

  /** False when nothing is due. Sending and marking share a transaction: only a crash between the two mails it twice. */
  private async sendOne(): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const mail = await takeDueMail(transaction, this.clock.now());
      if (mail === undefined) return false;
      try {
        await this.channel.send(addressed(mail));
      } catch (error) {
        await this.failed(transaction, mail, error);
        return true;
      }
      await markSent(transaction, mail.id, this.clock.now());
      return true;
    });
  }

  private async failed(transaction: Transaction, mail: PendingMail, error: unknown): Promise<void> {
    const now = this.clock.now();
    const isRefusal = error instanceof AddressRefused;
    const attempts = mail.attempts + 1;
    const refusals = mail.refusals + (isRefusal ? 1 : 0);
    const nextTryAt = nextTry({ createdAt: mail.created_at, attempts, refusals }, now);
    await markFailed(transaction, { id: mail.id, now, isRefusal, nextTryAt, reason: sentence(error) });
    const then = nextTryAt === null ? 'given up' : `trying again at ${nextTryAt.toISOString()}`;
    this.log.warn(`mail ${mail.id} could not be sent (attempt ${attempts}), ${then}: ${sentence(error)}`);
  }
}

function addressed({ id, notice, address, closed_at, directory_name, tally }: PendingMail) {
  return { id, messageId: notice, date: closed_at, to: address, ...letter(directory_name, tally) };
}
