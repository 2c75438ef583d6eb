import type { FastifyRequest } from 'fastify';
import type { KnownKey } from '../key/known-keys.js';

/** What is learnt of a request on its way, for the commands it makes and for the provisioning log. */
export interface Exchange {
  /** undefined: nobody has looked yet; null: no key that we know. */
  key?: KnownKey | null;
  /** The id of the resource, or what it was asked by, where the path does not say it. */
  target?: string;
  /** The body, once it is known to be JSON within the limits. */
  body?: unknown;
  leftOut?: string[];
  scimType?: string;
  detail?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange?: Exchange;
  }
}

/** The notes on this request. */
export function exchangeOf(request: FastifyRequest): Exchange {
  return (request.exchange ??= {});
}
