import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyScope } from '#libs/contracts';
import { ScimError } from '#libs/scim';
import { authenticate, REALM } from './bearer.strategy.js';
import type { Asker } from './directory.client.js';
import { type Caller, KnownKeys } from './known-keys.js';
import { type KnownSchema, KnownSchemas } from './known-schemas.js';
import { Unavailable } from './unavailable.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const SEARCH = /\/\.search(?:\?|$)/;
export const STALE_RETRY_S = 10;

/** A request that a key let in. All of it is understood by one version of the directory's schema. */
export type Called = FastifyRequest & { caller?: Caller; schema?: KnownSchema; leftOut?: readonly string[] };

/** Lets in who has a key with the right scope, with the answers of RFC 6750 §3 for everybody else. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly keys: KnownKeys,
    private readonly schemas: KnownSchemas,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Called>();
    const response = context.switchToHttp().getResponse<FastifyReply>();
    // A 401 makes Entra stop the whole job; while keys cannot be checked, "later" is the honest answer.
    if (!this.keys.isFresh()) throw new Unavailable('Keys cannot be checked just now.', STALE_RETRY_S);
    const verdict = authenticate(this.keys, request.headers.authorization);
    if (!('caller' in verdict)) {
      void response.header('www-authenticate', verdict.challenge);
      throw new ScimError(401, undefined, verdict.reason);
    }
    request.caller = verdict.caller;
    request.schema = this.schemas.of(verdict.caller.directory);
    const scope: KeyScope = isRead(request) ? 'scim:read' : 'scim:write';
    if (!verdict.caller.scopes.includes(scope)) {
      void response.header('www-authenticate', `Bearer realm="${REALM}", error="insufficient_scope", scope="${scope}"`);
      throw new ScimError(403, undefined, `This key lacks the scope ${scope}.`);
    }
    return true;
  }
}

/** A `.search` is a POST that changes nothing. */
const isRead = ({ method, url }: Called) => READS.has(method) || (method === 'POST' && SEARCH.test(url));

/** What users and groups are in the caller's directory; only behind the guard. */
export function schemaOf({ schema }: Called): KnownSchema {
  if (schema === undefined) throw new Error('a request came through without a directory');
  return schema;
}

/** Who asks the directory in this request; only behind the guard. */
export function askerOf({ caller, id }: Called): Asker {
  if (caller === undefined) throw new Error('a request came through without a key');
  return { caller, correlationId: id };
}
