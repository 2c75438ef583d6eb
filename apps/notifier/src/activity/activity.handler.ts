import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Activity, Envelope } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { noteHeard } from '../health/watch.store.js';
import { Incidents } from '../incident/incidents.js';
import { entryOf } from '../log/entry.js';
import { LogKeeper } from '../log/log.keeper.js';
import { keepEntries } from '../log/log.store.js';
import { roundsOf } from './round.js';

/** What is older goes into the log only: people are told of what is, and what is read again must not tell them again. */
const TOLD_MS_MAX = 24 * 60 * 60_000;

/** Keep these requests in the provisioning log, and count those that are news into incidents and the health of directories. */
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
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  async execute({ heard }: RecordActivities): Promise<void> {
    const now = this.clock.now();
    const entries = heard.map(entryOf).filter(({ at }) => this.keeper.keeps(at));
    await this.keeper.ready(entries.map(({ at }) => at));
    await this.database.transaction(async (transaction) => {
      const news = await keepEntries(transaction, entries, now);
      const told = entries.filter(({ id, at }) => news.delete(id) && now.getTime() - at.getTime() <= TOLD_MS_MAX);
      const rounds = roundsOf(told);
      if (rounds.length === 0) return;
      await noteHeard(transaction, rounds, now);
      await this.incidents.take(transaction, rounds, now);
    });
  }
}
