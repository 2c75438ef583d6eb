import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { parseActivity, topics } from '#libs/contracts';
import { CommandLog, type Received, type Subscription } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { sentence } from '#libs/service';
import { keepUses } from './use.queries.js';
import { usesIn, worthKeeping } from './use.js';

const TOPIC = topics.provisioningActivity.name;
const GROUP = 'keys.use';
const REMEMBERED_MAX = 50_000;

/** Hears from the gateways' activity which keys are used; nothing waits for it. */
@Injectable()
export class UseDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(UseDoor.name);
  private readonly kept = new Map<string, string>();
  private subscription: Subscription | undefined;

  constructor(
    private readonly commandLog: CommandLog,
    private readonly database: Database,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscription = await this.commandLog.work({
      topic: TOPIC,
      group: GROUP,
      handle: (messages) => this.handle(messages),
      failed: (error) => this.log.error(`${TOPIC}: ${sentence(error)}`),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    this.subscription = undefined;
  }

  private async handle(messages: readonly Received[]): Promise<void> {
    const uses = worthKeeping(usesIn(messages.flatMap(readable)), this.kept);
    if (uses.length === 0) return;
    await keepUses(this.database, uses);
    // Forgetting costs no more than a write that changes nothing.
    if (this.kept.size > REMEMBERED_MAX) this.kept.clear();
    for (const { id, at } of uses) this.kept.set(id, at);
  }
}

/** The notifier reports what cannot be read; here it is no loss. */
function readable({ value }: Received) {
  try {
    return [parseActivity(JSON.parse(value))];
  } catch {
    return [];
  }
}
