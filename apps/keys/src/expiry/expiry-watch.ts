import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { v5 } from 'uuid';
import { type Envelope, KEY_EXPIRY, type KeyExpiry, topics } from '#libs/contracts';
import { CommandLog } from '#libs/messaging';
import { Database, type Transaction } from '#libs/postgres';
import { Clock, sentence } from '#libs/service';
import { stepDue } from './expiry.js';
import { endings, type Ending } from './endings.js';
import { holdExpiries, keepTold, toldOf } from './expiry.queries.js';

const LOOK_MS = 10 * 60_000;
// Of our own: the same step of the same end has the same id, however often it is told.
const NAMESPACE = 'c7b7f7a0-58c7-4d1e-9d0c-0a4c8f6f2a11';

/** Tells on `keys.notices`, some time ahead, that a credential will end, and that it has. */
@Injectable()
export class ExpiryWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(ExpiryWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly commandLog: CommandLog,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => {
      this.looking ??= this.look()
        .catch((error: unknown) => this.log.error(`ends of keys could not be told: ${sentence(error)}`))
        .finally(() => (this.looking = undefined));
    };
    this.timer = setInterval(look, LOOK_MS);
    this.timer.unref();
    look();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Tells what is due now. What was sent before a crash is sent again under the same id. */
  async look(): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (await holdExpiries(transaction)) await this.tell(transaction);
    });
  }

  private async tell(transaction: Transaction): Promise<void> {
    const now = this.clock.now();
    const all = await endings(transaction, now);
    const told = await toldOf(
      transaction,
      all.map(({ id }) => id),
    );
    for (const ending of all) {
      const daysLeft = stepDue({ ...ending, told: told.get(ending.id) ?? null }, now);
      if (daysLeft === null) continue;
      const message = noticeOf(ending, daysLeft, now);
      const key = ending.directory ?? 'all';
      await this.commandLog.send(topics.keysNotices.name, [{ key, value: JSON.stringify(message) }]);
      await keepTold(transaction, ending.id, { expiresAt: ending.expiresAt, daysLeft });
    }
  }
}

function noticeOf(ending: Ending, daysLeft: KeyExpiry['daysLeft'], now: Date): Envelope<KeyExpiry> {
  const { directory, credential, id, name, client, expiresAt, successor, lastUsedAt } = ending;
  const messageId = v5(`${id} ${expiresAt} ${daysLeft}`, NAMESPACE);
  return {
    id: messageId,
    type: KEY_EXPIRY,
    schemaVersion: 1,
    time: now.toISOString(),
    correlationId: messageId,
    causationId: null,
    actor: { kind: 'system', id: 'keys' },
    directory,
    data: { credential, id, name, client, expiresAt, daysLeft, successor, lastUsedAt },
  };
}
