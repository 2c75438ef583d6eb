import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Activity, type Envelope, parseActivity, topics } from '#libs/contracts';
import { CommandLog, type Received } from '#libs/messaging';
import { Hearing } from '../hearing.js';
import { CountFailures, RecordActivities } from './activity.handler.js';
import { failureOf } from './failure.js';
import { Gathering } from './gathering.js';

const TOPIC = topics.provisioningActivity.name;
const GROUP = 'notifier.activity';
// The log must show a request within two seconds; a tenth of that makes ten commits of a thousand.
const WAIT_MS = 100;
const ENOUGH = 500;

/** Hears of every SCIM request. */
@Injectable()
export class ActivityDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly hearing = new Hearing(TOPIC, new Logger(ActivityDoor.name));
  private readonly gathering = new Gathering<Envelope<Activity>>(WAIT_MS, ENOUGH, (all) => this.take(all));

  constructor(
    private readonly commandLog: CommandLog,
    private readonly commands: CommandBus,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.hearing.begin(
      (hands) => this.commandLog.work({ topic: TOPIC, group: GROUP, ...hands }),
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
    const heard = messages.flatMap((message) => this.hearing.read(message, parseActivity) ?? []);
    if (heard.length > 0) await this.gathering.add(heard);
  }

  private async take(heard: readonly Envelope<Activity>[]): Promise<void> {
    await this.commands.execute(new RecordActivities(heard));
    const failures = heard.map(failureOf).filter((failure) => failure !== null);
    if (failures.length > 0) await this.commands.execute(new CountFailures(failures));
  }
}
