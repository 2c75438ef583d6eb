import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Called } from './bearer.guard.js';
import { classOf, requests } from './gateway.metrics.js';

const FAILED = 500;

/** Counts every request that has been answered, and logs it: what failed for our sake always, the others for who wants to see them. */
@Injectable()
export class RequestLog {
  private readonly log = new Logger('Request');

  note(request: Called, reply: FastifyReply): void {
    const { method } = request;
    const route = request.routeOptions.url ?? '';
    const status = reply.statusCode;
    requests.observe({ route, method, status: classOf(status) }, reply.elapsedTime / 1_000);
    const line = {
      correlationId: request.id,
      method,
      route,
      status,
      durationMs: Math.round(reply.elapsedTime),
      directory: request.caller?.directory,
      key: request.caller?.keyId,
    };
    if (status >= FAILED) this.log.warn(line, 'a request could not be answered');
    else this.log.debug(line, 'a request was answered');
  }
}
