import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Activity, type Envelope, parseActivity, topics } from '#libs/contracts';
import { CommandLog, type Received } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { sentence } from '#libs/service';
import { Hearing } from '../hearing.js';
import { RecordActivities } from './activity.handler.js';
import { Gathering } from './gathering.js';

const TOPIC = topics.provisioningActivity.name;
const GROUP = 'notifier.activity';
// The log must show a request within two seconds; a tenth of that makes ten commits of a thousand.
const WAIT_MS = 100;
const ENOUGH = 500;

/** Hears of every SCIM request. */
@Injectable()
export class ActivityDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ActivityDoor.name);
  private readonly hearing = new Hearing(TOPIC, this.log);
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

  /** What the database will never take is found by halving, told and passed over: it must not stop all the others. */
  private async take(heard: readonly Envelope<Activity>[]): Promise<void> {
    try {
      await this.commands.execute(new RecordActivities(heard));
    } catch (error) {
      if (!isHopeless(error)) throw error;
      const half = Math.ceil(heard.length / 2);
      if (heard.length > 1) {
        await this.take(heard.slice(0, half));
        await this.take(heard.slice(half));
      } else this.log.error(`a report cannot be kept and is passed over (${heard[0]?.id ?? ''}): ${sentence(error)}`);
    }
  }
}

/** Classes 22 (data) and 23 (constraints): the same again will fail again. */
const isHopeless = (error: unknown): boolean => Database.isVerdict(error) && /^2[23]/.test(error.code ?? '');
