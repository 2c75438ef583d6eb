import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { v4 } from 'uuid';
import { type Activity, type Envelope, topics } from '#libs/contracts';
import { CommandLog, type Message } from '#libs/messaging';
import type { Called } from './bearer.guard.js';
import { redacted } from './redact.js';
import { touchedBy } from './touched.js';
import type { Failure } from './failure.js';
import { reportsLost } from './gateway.metrics.js';

/** A request with what became of it. Operations of a bulk request that failed are told one by one (design, 7). */
export type Reported = Called & { failure?: Failure; failedParts?: readonly FailedPart[] };

export interface FailedPart {
  method: string;
  /** Below the base: `/Users/…`. */
  path: string;
  body: unknown;
  failure: Failure;
}

const WAITING_MAX = 10_000;
// Nobody waits for a report: what comes within this time goes in one message to the log and not in hundreds.
const GATHERED_MS = 100;
const AGAIN_MS = 1_000;
const QUERY_LENGTH_MAX = 4_096;
const PATH = /^\/v2\/(Users|Groups)(?:\/([^/?]+))?/;

/** Reports every SCIM request to `provisioning.activity`, off the request's path. */
@Injectable()
export class ActivityReport {
  private readonly log = new Logger(ActivityReport.name);
  private waiting: Message[] = [];
  private sending: Promise<void> | undefined;
  private dropped = 0;
  private next: NodeJS.Timeout | undefined;

  constructor(private readonly commands: CommandLog) {}

  /** Takes note of a request that has been answered. */
  note(request: Reported, reply: FastifyReply): void {
    const [path = '', query] = request.url.split('?', 2);
    if (!path.startsWith('/v2')) return;
    const { method, body, failure, failedParts = [] } = request;
    this.wait(envelope(request, reply, { method, path, query, body, status: reply.statusCode, failure }));
    for (const part of failedParts) {
      this.wait(envelope(request, reply, { ...part, path: `/v2${part.path}`, status: part.failure.status }));
    }
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
  }

  /** Resolves when all that was noted has been reported, or cannot be. */
  async flush(): Promise<void> {
    this.begin();
    await this.sending;
  }

  private async send(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, 500);
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

/** What is told of a request, or of one operation of a bulk request. */
interface Told {
  method: string;
  path: string;
  query?: string;
  body: unknown;
  status: number;
  failure?: Failure;
}

function envelope(request: Reported, reply: FastifyReply, told: Told): Envelope<Activity> {
  const { caller } = request;
  const { method, path, query, body, status, failure } = told;
  const [, endpoint, id] = PATH.exec(path) ?? [];
  const named = (body ?? {}) as { userName?: unknown; displayName?: unknown };
  const name = named.userName ?? named.displayName;
  return {
    id: v4(),
    type: 'provisioning.activity',
    schemaVersion: 1,
    time: new Date().toISOString(),
    correlationId: request.id,
    causationId: null,
    actor: caller === undefined ? { kind: 'system', id: 'nobody' } : { kind: 'key', id: caller.keyId },
    directory: caller?.directory ?? null,
    data: {
      keyId: caller?.keyId ?? null,
      method,
      path,
      ...(query !== undefined && query !== '' && { query: query.slice(0, QUERY_LENGTH_MAX) }),
      resourceType: endpoint === undefined ? null : endpoint === 'Users' ? 'User' : 'Group',
      target: id ?? (typeof name === 'string' ? name : null),
      status,
      scimType: failure?.scimType ?? null,
      detail: failure?.detail ?? null,
      durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      ...(request.leftOut !== undefined && { leftOut: [...request.leftOut] }),
      ...(method === 'PATCH' && { touched: touchedBy(body) }),
      request: failure === undefined ? null : redacted(body),
    },
  };
}
