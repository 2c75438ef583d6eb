import type { Activity, Envelope } from '#libs/contracts';
import { classOf } from '../incident/failure-class.js';
import { line, text } from './plain.js';

/** One SCIM request as the log keeps it. */
export interface Entry {
  id: string;
  at: Date;
  directory: string | null;
  keyId: string | null;
  method: string;
  path: string;
  query: string | null;
  resourceType: 'User' | 'Group' | null;
  target: string | null;
  status: number;
  scimType: string | null;
  detail: string | null;
  failureClass: string | null;
  durationMs: number;
  correlationId: string;
  clientAddress: string | null;
  userAgent: string | null;
  /** How many requests of this kind were told together, of which this is the last. */
  count: number;
  leftOut: readonly string[];
  touched: readonly string[] | undefined;
  request: string | null;
}

/** What the log keeps of a report: lines short and without secrets, the gateway's care notwithstanding. */
export function entryOf({ id, directory, time, correlationId, data }: Envelope<Activity>): Entry {
  return {
    id,
    at: new Date(time),
    directory,
    keyId: data.keyId,
    method: line(data.method),
    path: line(data.path),
    query: lineOrNull(data.query ?? null),
    resourceType: data.resourceType,
    target: lineOrNull(data.target),
    status: data.status,
    scimType: lineOrNull(data.scimType),
    detail: lineOrNull(data.detail),
    failureClass: classOf(data),
    durationMs: data.durationMs,
    correlationId: line(correlationId),
    clientAddress: lineOrNull(data.client?.address ?? null),
    userAgent: lineOrNull(data.client?.userAgent ?? null),
    count: data.count ?? 1,
    leftOut: (data.leftOut ?? []).map(line),
    touched: data.touched,
    request: data.request === null ? null : text(data.request),
  };
}

const lineOrNull = (words: string | null) => (words === null ? null : line(words));
