import { setTimeout as pause } from 'node:timers/promises';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyScope } from '#libs/contracts';
import { ScimError } from '#libs/scim';
import { authenticate, REALM, type Verdict } from './bearer.strategy.js';
import type { Caller } from './caller.js';
import type { Asker } from './directory.client.js';
import { directoryNamedIn } from './directory-path.js';
import { GatewaySettings } from './gateway.config.js';
import type { Credential } from './known-keys.js';
import { type KnownSchema, KnownSchemas } from './known-schemas.js';
import { AccessTokens } from './oauth/access-tokens.js';
import { Throttle } from './throttle.js';
import { Unavailable } from './unavailable.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const SEARCH = /\/\.search(?:\?|$)/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const STALE_RETRY_S = 10;

/** A request that a key let in. All of it is understood by one version of the directory's schema. */
export type Called = FastifyRequest & {
  caller?: Caller;
  schema?: KnownSchema;
  leftOut?: readonly string[];
  /** Whose key it was that was refused, when the secret was genuine; of a request for a token, the client that it names. */
  refused?: Pick<Credential, 'keyId' | 'directory'>;
};

/** Lets in who has a key with the right scope, with the answers of RFC 6750 §3 for everybody else. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly schemas: KnownSchemas,
    private readonly throttle: Throttle,
    private readonly settings: GatewaySettings,
  ) {}

  /** What the door has not let in yet does not come further. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<Called>();
    if (request.caller !== undefined) return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return Promise.resolve(this.admit(request, reply)).then(() => true);
  }

  /**
   * Before a body is read: who may come in, with `caller` and `schema` of the request set, now or when its turn comes.
   * Throws ScimError 401, 403, 404 or 429, and Unavailable when keys cannot be checked.
   */
  admit(request: Called, reply: FastifyReply): void | Promise<void> {
    const verdict = this.verdict(request);
    if (verdict instanceof Promise) return verdict.then((settled) => this.enter(request, reply, settled));
    return this.enter(request, reply, verdict);
  }

  /** The directory of whoever asks; undefined for who shows no key, or one that is not taken. */
  async directoryOf(request: Called): Promise<string | undefined> {
    if (request.headers.authorization === undefined) return undefined;
    const verdict = await this.verdict(request);
    return 'credential' in verdict ? placed(request, verdict.credential).directory : undefined;
  }

  private verdict({ headers: { authorization } }: Called): Verdict | Promise<Verdict> {
    // A 401 makes Entra stop the whole job; while keys cannot be checked, "later" is the honest answer.
    if (!this.tokens.isFresh()) throw new Unavailable('Keys cannot be checked just now.', STALE_RETRY_S);
    return authenticate((token) => this.tokens.check(token), authorization);
  }

  private enter(request: Called, reply: FastifyReply, verdict: Verdict): void | Promise<void> {
    if (!('credential' in verdict)) {
      void reply.header('www-authenticate', verdict.challenge);
      request.refused = verdict.whose;
      throw new ScimError(verdict.status, undefined, verdict.reason);
    }
    const { credential } = verdict;
    const caller = placed(request, credential);
    const scope: KeyScope = isRead(request) ? 'scim:read' : 'scim:write';
    request.caller = caller;
    request.schema = this.schemas.of(caller.directory);
    if (!caller.scopes.includes(scope)) {
      void reply.header('www-authenticate', `Bearer realm="${REALM}", error="insufficient_scope", scope="${scope}"`);
      throw new ScimError(403, undefined, `This key lacks the scope ${scope}.`);
    }
    return this.turn(reply, credential, caller.directory);
  }

  /** Holds a request back whose directory, or whose key where it has a limit of its own, asks more often than it may. */
  private turn(reply: FastifyReply, { keyId, requestsPerSecond: own }: Credential, directory: string) {
    const perSecond = own ?? this.settings.directoryRequestsPerSecond;
    if (perSecond === 0) return undefined;
    const admission = this.throttle.admit(own === null ? directory : keyId, perSecond, performance.now());
    if ('waitMs' in admission) return admission.waitMs === 0 ? undefined : pause(admission.waitMs);
    void reply.header('retry-after', String(admission.retryAfterS));
    const whose = own === null ? 'This directory' : 'This key';
    throw new ScimError(429, undefined, `${whose} may ask ${perSecond} times a second, and has asked more often.`);
  }
}

/** The directory that a request is about: the key's own, or for a key that reaches all the one that the address names. */
function placed(request: Called, { keyId, directory, scopes }: Credential): Caller {
  const named = directoryNamedIn(request.raw);
  if (named === undefined && directory === null) {
    const detail = 'This key reaches all directories; name the one that is meant: /v2/directories/<id>/Users.';
    throw new ScimError(403, undefined, detail);
  }
  const wanted = named?.toLowerCase() ?? directory;
  if (wanted === null || !UUID.test(wanted) || (directory !== null && directory !== wanted)) {
    throw new ScimError(404, undefined, 'There is no directory with that id.');
  }
  return { keyId, directory: wanted, scopes };
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
