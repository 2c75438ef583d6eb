import type { FastifyReply } from 'fastify';
import { v4 } from 'uuid';
import { type Activity, type Envelope, TOKEN_PATTERN } from '#libs/contracts';
import type { Failure } from './failure.js';
import { redacted } from './redact.js';
import type { Reported } from './reported.js';
import { touchedBy } from './touched.js';

const QUERY_LENGTH_MAX = 4_096;
const USER_AGENT_LENGTH_MAX = 200;
const PATH = /^\/v2\/(Users|Groups)(?:\/([^/?]+))?/;
const NAMED_SECRET = /\b(access_token|client_secret|client_assertion|password|token|secret)=[^&]*/gi;
/** Keys and secrets of ours, and tokens and assertions of anybody (JWTs). */
const TOKEN = new RegExp(`${TOKEN_PATTERN}|\\beyJ[\\w-]*\\.[\\w-]+\\.[\\w-]*`, 'g');

/** What is told of a request, or of one operation of a bulk request. */
export interface Told {
  method: string;
  path: string;
  query?: string;
  body: unknown;
  status: number;
  failure?: Failure;
  leftOut?: readonly string[];
}

export interface Whose {
  keyId: string | null;
  directory: string | null;
}

/** Whose request it was. A key that was refused is told of, too, when whoever showed it had its secret. */
export function whose({ caller, refused }: Reported): Whose {
  const { keyId = null, directory = null } = caller ?? refused ?? {};
  return { keyId, directory };
}

export function dataOf(request: Reported, reply: FastifyReply, told: Told): Activity {
  const { method, path, query, body, status, failure, leftOut } = told;
  const [, endpoint, id] = PATH.exec(path) ?? [];
  const named = (body ?? {}) as { userName?: unknown; displayName?: unknown };
  const name = named.userName ?? named.displayName;
  return {
    keyId: whose(request).keyId,
    method,
    path: hidden(path),
    ...(query !== undefined && query !== '' && { query: withoutSecrets(query).slice(0, QUERY_LENGTH_MAX) }),
    resourceType: endpoint === undefined ? null : endpoint === 'Users' ? 'User' : 'Group',
    target: id !== undefined ? hidden(id) : typeof name === 'string' ? hidden(name) : null,
    status,
    scimType: failure?.scimType ?? null,
    detail: failure === undefined ? null : hidden(failure.detail),
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    ...(leftOut !== undefined && { leftOut: [...leftOut] }),
    ...(method === 'PATCH' && { touched: touchedBy(body) }),
    request: failure === undefined ? null : hidden(redacted(body) ?? '') || null,
    client: {
      address: request.ip,
      userAgent: hidden(request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX) || null,
    },
  };
}

/** Tokens in an address are never taken, and yet some clients put them there. */
const withoutSecrets = (query: string): string => hidden(query.replace(NAMED_SECRET, '$1=[hidden]'));

const hidden = (text: string): string => text.replace(TOKEN, '[hidden]');

export function envelope(correlationId: string, { keyId, directory }: Whose, data: Activity): Envelope<Activity> {
  return {
    id: v4(),
    type: 'provisioning.activity',
    schemaVersion: 1,
    time: new Date().toISOString(),
    correlationId,
    causationId: null,
    actor: keyId === null ? { kind: 'system', id: 'nobody' } : { kind: 'key', id: keyId },
    directory,
    data,
  };
}
