import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Activity, Envelope } from '#libs/contracts';
import { exchangeOf } from '../http/exchange.js';
import { isScimPath } from '../http/scim-url.js';
import { BearerStrategy } from '../key/bearer.strategy.js';
import { ActivityLog } from './activity-log.js';
import { activityOf } from './activity-record.js';

const NOBODY = 'unknown';

/** Reports every SCIM request once it is answered, refused ones too. */
@Injectable()
export class ActivityRecorder {
  constructor(
    private readonly log: ActivityLog,
    private readonly bearer: BearerStrategy,
  ) {}

  record(request: FastifyRequest, reply: FastifyReply): void {
    if (!isScimPath(request.url)) return;
    const exchange = exchangeOf(request);
    // Refused before the guard (a body too large, an unknown address): still the administrator wants to see it.
    exchange.key ??= this.bearer.identify(request.headers.authorization).key;
    const { params } = request as { params?: { id?: string } };
    const answered = {
      method: request.method,
      writtenUrl: request.originalUrl,
      url: request.url,
      id: params?.id,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    };
    const directory = exchange.key?.directory ?? null;
    const message: Envelope<Activity> = {
      id: uuidv7(),
      type: 'provisioning.activity',
      schemaVersion: 1,
      time: new Date().toISOString(),
      correlationId: request.id,
      causationId: null,
      actor: exchange.key ? { kind: 'key', id: exchange.key.id } : { kind: 'system', id: 'gateway' },
      directory,
      data: activityOf(answered, exchange),
    };
    this.log.add({ key: directory ?? NOBODY, value: JSON.stringify(message) });
  }
}
