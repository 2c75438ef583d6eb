import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { ChangeLog, type Received } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { noteGone } from '../health/gone.store.js';
import { Hearing } from '../hearing.js';
import { type Change, change, keepCaused } from '../log/caused.js';
import { LogKeeper } from '../log/log.keeper.js';
import { Gathering } from './gathering.js';

const TOPIC = topics.directoryEvents.name;
const GROUP = 'notifier.changes';
const WAIT_MS = 250;
const ENOUGH = 500;

/** Hears of every change of a directory, like any other subscriber. */
@Injectable()
export class ChangesDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly hearing = new Hearing(TOPIC, new Logger(ChangesDoor.name));
  private readonly gathering = new Gathering<Change>(WAIT_MS, ENOUGH, (changes) => this.take(changes));

  constructor(
    private readonly changes: ChangeLog,
    private readonly keeper: LogKeeper,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.hearing.begin(
      (hands) => this.changes.subscribe({ topic: TOPIC, group: GROUP, start: 'earliest', ...hands }),
      (messages) => this.handle(messages),
    );
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.hearing.end();
  }

  problems(): string[] {
    return this.hearing.problems();
  }

  private async handle(messages: readonly Received[]): Promise<void> {
    const heard = messages.flatMap((message) => this.hearing.read(message, (json) => change.parse(json)) ?? []);
    const kept = heard.filter(({ time }) => this.keeper.keeps(new Date(time)));
    if (kept.length > 0) await this.gathering.add(kept);
  }

  private async take(changes: readonly Change[]): Promise<void> {
    await this.keeper.ready(changes.map(({ time }) => new Date(time)));
    await keepCaused(this.database, changes);
    await noteGone(this.database, changes, this.clock.now());
  }
}
