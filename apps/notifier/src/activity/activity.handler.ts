import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Activity, Envelope } from '#libs/contracts';
import { Database, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { entryOf } from '../log/entry.js';
import { LogKeeper } from '../log/log.keeper.js';
import { keepEntries } from '../log/log.store.js';
import { beginNotice, markCounted, openNotice, saveTally } from '../notice/notice.queries.js';
import { counted } from '../notice/tally.js';
import type { Failure } from './failure.js';

const COLLECT_MS = 2_000;
const APART_MS = 60_000;

/** Keep these requests in the provisioning log. */
export class RecordActivities extends Command<void> {
  constructor(readonly heard: readonly Envelope<Activity>[]) {
    super();
  }
}

@CommandHandler(RecordActivities)
export class RecordActivitiesHandler implements ICommandHandler<RecordActivities> {
  constructor(
    private readonly database: Database,
    private readonly keeper: LogKeeper,
    private readonly clock: Clock,
  ) {}

  async execute({ heard }: RecordActivities): Promise<void> {
    const now = this.clock.now();
    const entries = heard.map(entryOf).filter(({ at }) => this.keeper.keeps(at));
    await this.keeper.ready(entries.map(({ at }) => at));
    await this.database.transaction((transaction) => keepEntries(transaction, entries, now));
  }
}

/** Count these failures into the notices of their directories; those that were counted before are left out. */
export class CountFailures extends Command<void> {
  constructor(readonly failures: readonly Failure[]) {
    super();
  }
}

@CommandHandler(CountFailures)
export class CountFailuresHandler implements ICommandHandler<CountFailures> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ failures }: CountFailures): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (transaction) => {
      const ids = failures.map(({ id }) => id);
      const news = await markCounted(transaction, ids, now);
      const uncounted = failures.filter(({ id }) => news.delete(id));
      for (const ofOne of byDirectory(uncounted)) await this.count(transaction, ofOne, now);
    });
  }

  // A lost race for a directory's next notice shows as a broken unique rule: the log hands the messages over again.
  private async count(transaction: Transaction, failures: readonly [Failure, ...Failure[]], now: Date): Promise<void> {
    const { directory } = failures[0];
    const notice = await openNotice(transaction, directory);
    const tally = counted(notice?.tally, failures);
    if (notice !== undefined) return saveTally(transaction, notice.id, tally);
    await beginNotice(transaction, { directory, tally, now, collectMs: COLLECT_MS, apartMs: APART_MS });
  }
}

/** In one order for everybody, so that two who lock several notices do not wait for each other. */
function byDirectory(failures: readonly Failure[]): [Failure, ...Failure[]][] {
  const groups = new Map<string, [Failure, ...Failure[]]>();
  for (const failure of failures) {
    const group = groups.get(failure.directory);
    if (group === undefined) groups.set(failure.directory, [failure]);
    else group.push(failure);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
