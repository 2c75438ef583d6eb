import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Activity, type Envelope, TOKEN_PATH, topics } from '#libs/contracts';
import { CommandLog, type Message } from '#libs/messaging';
import { dataOf, envelope, type Told, whose } from './activity-message.js';
import { reportsLost } from './gateway.metrics.js';
import { Refusals } from './refusals.js';
import type { Reported } from './reported.js';

const WAITING_MAX = 10_000;
const BATCH_MAX = 500;
// Nobody waits for a report: what comes within this time goes in one message to the log and not in hundreds.
const GATHERED_MS = 100;
const AGAIN_MS = 1_000;
/** What a flood is answered; told together, by who and why. */
const TOLD_TOGETHER = new Set([401, 429]);
const TOGETHER_MS = 5_000;

/** Reports every SCIM request, and every token that was refused, to `provisioning.activity`, off the request's path. */
@Injectable()
export class ActivityReport {
  private readonly log = new Logger(ActivityReport.name);
  private readonly refusals = new Refusals();
  private waiting: Message[] = [];
  private sending: Promise<void> | undefined;
  private together: NodeJS.Timeout | undefined;
  private dropped = 0;
  private next: NodeJS.Timeout | undefined;

  constructor(private readonly commands: CommandLog) {}

  /** Takes note of a request that has been answered. */
  note(request: Reported, reply: FastifyReply): void {
    const [path = '', query] = request.url.split('?', 2);
    const { method, body, failure, parts = [], leftOut } = request;
    const isForToken = path === TOKEN_PATH && failure !== undefined;
    if (!isForToken && !path.startsWith('/v2')) return;
    const { statusCode: status } = reply;
    if (isForToken || TOLD_TOGETHER.has(status)) {
      this.count(request, reply, { method, path, body: undefined, status, failure });
      return;
    }
    this.tell(request, reply, { method, path, query, body, status, failure, leftOut });
    for (const part of parts) this.tell(request, reply, { ...part, path: `/v2${part.path}` });
    this.beginIn(GATHERED_MS);
  }

  /** Resolves when all that was noted has been reported, or cannot be. */
  async flush(): Promise<void> {
    this.tellTogether();
    this.begin();
    await this.sending;
  }

  private tell(request: Reported, reply: FastifyReply, told: Told): void {
    this.wait(envelope(request.id, whose(request), dataOf(request, reply, told)));
  }

  private count(request: Reported, reply: FastifyReply, told: Told): void {
    this.refusals.add({ ...whose(request), correlationId: request.id, data: dataOf(request, reply, told) });
    this.together ??= setTimeout(() => this.tellTogether(), TOGETHER_MS).unref();
  }

  private tellTogether(): void {
    clearTimeout(this.together);
    this.together = undefined;
    for (const { data, correlationId, ...who } of this.refusals.take()) this.wait(envelope(correlationId, who, data));
    this.beginIn(GATHERED_MS);
  }

  private beginIn(ms: number): void {
    this.next ??= setTimeout(() => this.begin(), ms).unref();
  }

  private begin(): void {
    clearTimeout(this.next);
    this.next = undefined;
    this.sending ??= this.send().finally(() => (this.sending = undefined));
  }

  private wait(message: Envelope<Activity>): void {
    if (this.waiting.length >= WAITING_MAX) {
      this.waiting.shift();
      this.dropped += 1;
      reportsLost.add({});
    }
    this.waiting.push({ key: message.directory ?? 'unknown', value: JSON.stringify(message) });
    if (this.waiting.length >= BATCH_MAX) this.begin(); // the operations of a bulk request are many at once
  }

  private async send(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      try {
        await this.commands.send(topics.provisioningActivity.name, batch);
      } catch (error) {
        this.waiting.unshift(...batch);
        this.log.warn(
          `${this.waiting.length} reports wait for the log (${this.dropped} lost so far): ${String(error)}`,
        );
        this.beginIn(AGAIN_MS);
        return;
      }
    }
  }
}
