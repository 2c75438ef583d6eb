import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { CommandLog, type Message } from '#libs/messaging';

const GATHER_MS = 50;
const RETRY_MS = 1_000;
const BATCH_MAX = 500;
const CHARACTERS_MAX = 32 * 1024 * 1024;

/**
 * Brings activities to their topic in batches, off the request path. While the log is away they wait in memory, up to a
 * bound; then the oldest are dropped and counted, because a gateway must not die of its own reports.
 */
@Injectable()
export class ActivityLog implements OnApplicationShutdown {
  private readonly logger = new Logger('ActivityLog');
  private waiting: Message[] = [];
  private characters = 0;
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;

  constructor(private readonly log: CommandLog) {}

  add(message: Message): void {
    this.waiting.push(message);
    this.characters += message.value.length;
    this.dropOldest();
    if (this.sending === undefined) this.flushIn(GATHER_MS);
  }

  /** Sends what is still waiting, one attempt: the service is ending. */
  async onApplicationShutdown(): Promise<void> {
    await this.sending;
    await this.flush();
    clearTimeout(this.timer);
    if (this.waiting.length > 0) this.logger.warn(`${this.waiting.length} activities were not reported`);
  }

  private flushIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms).unref();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending = this.sendAll();
    const isSent = await this.sending.then(
      () => true,
      (error: unknown) => {
        this.logger.warn(`activities cannot be reported for now: ${String(error)}`);
        return false;
      },
    );
    this.sending = undefined;
    if (this.waiting.length > 0) this.flushIn(isSent ? GATHER_MS : RETRY_MS);
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      try {
        await this.log.send(topics.provisioningActivity.name, batch);
      } catch (error) {
        this.waiting = [...batch, ...this.waiting];
        throw error;
      }
      for (const { value } of batch) this.characters -= value.length;
    }
    if (this.dropped > 0) this.logger.warn(`${this.dropped} activities were dropped while the log was away`);
    this.dropped = 0;
  }

  private dropOldest(): void {
    while (this.characters > CHARACTERS_MAX) {
      const oldest = this.waiting.shift();
      if (oldest === undefined) return;
      this.characters -= oldest.value.length;
      this.dropped += 1;
    }
  }
}
