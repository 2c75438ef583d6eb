import type { Activity } from '#libs/contracts';
import type { Exchange } from '../http/exchange.js';
import { redactedBody, redactedUrl } from './redact.js';

const URL_LENGTH_MAX = 4_096;
const TARGET_LENGTH_MAX = 800;

/** A SCIM request and its answer, as HTTP shows them. */
export interface Answered {
  method: string;
  /** As the client wrote it, and in the form of our routes. */
  writtenUrl: string;
  url: string;
  id: string | undefined;
  status: number;
  durationMs: number;
}

/** What the provisioning log is told of a request. */
export function activityOf(answered: Answered, exchange: Exchange): Activity {
  const { key, body, leftOut, scimType, detail } = exchange;
  const isFailed = answered.status >= 400;
  const target = answered.id ?? exchange.target ?? nameIn(body) ?? null;
  return {
    keyId: key?.id ?? null,
    method: answered.method,
    path: redactedUrl(answered.writtenUrl).slice(0, URL_LENGTH_MAX),
    resourceType: resourceTypeOf(answered.url),
    target: target?.slice(0, TARGET_LENGTH_MAX) ?? null,
    status: answered.status,
    scimType: scimType ?? null,
    detail: detail ?? null,
    durationMs: Math.round(answered.durationMs * 1000) / 1000,
    ...(leftOut !== undefined && leftOut.length > 0 && { leftOut }),
    request: isFailed && body !== undefined ? redactedBody(body) : null,
  };
}

function resourceTypeOf(url: string): Activity['resourceType'] {
  const [, name] = /^\/v2\/(Users|Groups)(?:[/?]|$)/.exec(url) ?? [];
  if (name === undefined) return null;
  return name === 'Users' ? 'User' : 'Group';
}

/** The name in the body of a resource that has no id yet. */
function nameIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const names = new Map(Object.entries(body).map(([name, value]: [string, unknown]) => [name.toLowerCase(), value]));
  return [names.get('username'), names.get('displayname')].find((name) => typeof name === 'string');
}
