import { HttpException } from '@nestjs/common';
import type { RefusalCode } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { Hindrance } from '#libs/messaging';
import { BODY_BYTES_MAX, ScimError } from '#libs/scim';

/** A failure as a SCIM client is told of it (RFC 7644 §3.12). */
export interface Problem {
  status: number;
  scimType?: string;
  detail: string;
}

const STATUS_OF: Record<RefusalCode, number> = { 'not-found': 404, 'already-exists': 409, conflict: 412, invalid: 400 };

const DETAIL_OF: Record<number, string> = {
  404: 'There is nothing at this address.',
  413: `The body is larger than ${BODY_BYTES_MAX} bytes.`,
  415: 'Send the body as application/scim+json or application/json.',
};

/** Says what to answer; undefined for a bug, of which the client learns nothing. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ScimError) {
    return { status: error.status, scimType: error.scimType, detail: error.detail };
  }
  if (error instanceof Refusal) {
    const scimType = error.scimType ?? (error.code === 'already-exists' ? 'uniqueness' : undefined);
    return { status: STATUS_OF[error.code], scimType, detail: error.message };
  }
  if (error instanceof Hindrance) {
    return { status: 503, detail: 'The service cannot answer at the moment. Try again later.' };
  }
  const status = error instanceof HttpException ? error.getStatus() : clientStatusOf(error);
  if (status === undefined || !(error instanceof Error)) return undefined;
  return { status, detail: DETAIL_OF[status] ?? error.message };
}

/** Fastify marks what a client did wrong, a body cut off on the way for one, with a status. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
