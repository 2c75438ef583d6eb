import { HttpException } from '@nestjs/common';
import type { RefusalCode } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { ScimError } from '#libs/scim';
import { Unavailable } from './unavailable.js';

const ANSWER: Record<RefusalCode, { status: number; scimType?: string }> = {
  'not-found': { status: 404 },
  'already-exists': { status: 409, scimType: 'uniqueness' },
  conflict: { status: 412 },
  invalid: { status: 400, scimType: 'invalidValue' },
};

export interface Failure {
  status: number;
  scimType?: string;
  detail: string;
}

/** What an error means to a SCIM client (RFC 7644 §3.12); undefined for one that is ours to mend. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof ScimError) return { status: error.status, scimType: error.scimType, detail: error.detail };
  if (error instanceof Refusal) {
    const answer = ANSWER[error.code];
    return { ...answer, scimType: error.scimType ?? answer.scimType, detail: error.message };
  }
  if (error instanceof Unavailable) return { status: 503, detail: error.message };
  if (error instanceof HttpException) return ofHttp(error.getStatus(), error.message);
  const status = statusOf(error);
  return status === undefined ? undefined : ofHttp(status, error instanceof Error ? error.message : String(error));
}

export const UNSUPPORTED_MEDIA_TYPE =
  'The body must be application/scim+json or application/json, with whatever parameters.';

/** The answer to what nobody foresaw; the log has the rest. */
export const UNFORESEEN: Failure = { status: 500, detail: 'The directory could not answer; the failure was logged.' };

function ofHttp(status: number, message: string): Failure {
  if (status === 404) return { status, detail: 'There is nothing at this address. The Tenant URL ends in /v2.' };
  if (status === 413) return { status, detail: 'The request is longer than 1 MiB, or 8 MiB for /Bulk.' };
  if (status === 415) return { status, detail: UNSUPPORTED_MEDIA_TYPE };
  if (status === 400) return { status, scimType: 'invalidSyntax', detail: message };
  return { status, detail: message };
}

/** Fastify's own errors carry the status they stand for. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
