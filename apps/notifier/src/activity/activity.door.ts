import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Activity, type Envelope, parseActivity, topics } from '#libs/contracts';
import { CommandLog, type Received, type Subscription } from '#libs/messaging';
import { sentence } from '#libs/service';
import { CountFailures } from './activity.handler.js';
import { failureOf } from './failure.js';

const TOPIC = topics.provisioningActivity.name;
const GROUP = 'notifier.activity';

/** Hears of every SCIM request; what went well costs no more than reading it. */
@Injectable()
export class ActivityDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ActivityDoor.name);
  private subscription: Subscription | undefined;
  private failure: string | undefined;

  constructor(
    private readonly commandLog: CommandLog,
    private readonly commands: CommandBus,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscription = await this.commandLog.work({
      topic: TOPIC,
      group: GROUP,
      handle: (messages) => this.watched(messages),
      failed: (error) => this.log.error(`${TOPIC}: ${sentence(error)}`),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    this.subscription = undefined;
  }

  problems(): string[] {
    if (this.subscription === undefined) return [`${TOPIC} is not being read yet`];
    return this.failure === undefined ? [] : [this.failure];
  }

  private async watched(messages: readonly Received[]): Promise<void> {
    try {
      await this.handle(messages);
      this.failure = undefined;
    } catch (error) {
      this.failure = `${TOPIC} cannot be worked on: ${sentence(error)}`;
      throw error;
    }
  }

  private async handle(messages: readonly Received[]): Promise<void> {
    const activities = messages.map((message) => this.parsed(message)).filter((activity) => activity !== null);
    const failures = activities.map(failureOf).filter((failure) => failure !== null);
    if (failures.length > 0) await this.commands.execute(new CountFailures(failures));
  }

  private parsed(message: Received): Envelope<Activity> | null {
    try {
      return parseActivity(JSON.parse(message.value));
    } catch (error) {
      const place = `partition ${message.partition}, offset ${message.offset.toString()}`;
      this.log.error(`a broken message of ${TOPIC} is skipped (${place}): ${sentence(error)}`);
      return null;
    }
  }
}
