import type { FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts';
import { exchangeOf } from '../http/exchange.js';

/** On whose behalf the directory is asked, and which request from outside that started with. */
export interface Asker {
  directory: string;
  actor: Actor;
  correlationId: string;
}

/** The asker of a request that the guard has let in. */
export function askerOf(request: FastifyRequest): Asker {
  const { key } = exchangeOf(request);
  if (key === undefined || key === null) throw new Error('the route has no guard');
  return { directory: key.directory, actor: { kind: 'key', id: key.id }, correlationId: request.id };
}
