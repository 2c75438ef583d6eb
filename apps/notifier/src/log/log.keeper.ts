import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database, type Transaction } from '#libs/postgres';
import { Clock, sentence } from '#libs/service';
import { NotifierSchema } from '../notifier.schema.js';
import { dayOf, isKept } from './days.js';
import { makeMissingDays, tendDays } from './partitions.js';

const TEND_MS = 10 * 60_000;

/** How long the log keeps what it has heard. */
export const LOG_DAYS_KEPT = Symbol('LOG_DAYS_KEPT');

/** Sees to it that the log has a partition for every day that something may come for, and none for days that are over. */
@Injectable()
export class LogKeeper implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(LogKeeper.name);
  private readonly made = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly schema: NotifierSchema,
    @Inject(LOG_DAYS_KEPT) private readonly daysKept: number,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.schema.ready();
    await this.tend();
    this.timer = setInterval(() => {
      this.tend().catch((error: unknown) => this.log.error(`the log's days cannot be tended: ${sentence(error)}`));
    }, TEND_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Is something of this time still kept? What is not kept is not counted either: nobody could tell whether it was before. */
  keeps(at: Date): boolean {
    return isKept(at, this.clock.now(), this.daysKept);
  }

  /** Resolves when there is a partition for each of these times, which must be kept ones. */
  async ready(times: readonly Date[]): Promise<void> {
    const missing = times.filter((at) => !this.made.has(dayOf(at)));
    if (missing.length === 0) return;
    await this.alone((transaction) => makeMissingDays(transaction, missing));
    for (const at of missing) this.made.add(dayOf(at));
  }

  async tend(): Promise<void> {
    this.made.clear();
    await this.alone((transaction) => tendDays(transaction, this.clock.now(), this.daysKept));
  }

  /** Two notifiers that make the same table at the same time would stumble over each other. */
  private alone(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('log_days_lock', `select pg_advisory_xact_lock(hashtext('notifier log days'))`);
      await work(transaction);
    });
  }
}
