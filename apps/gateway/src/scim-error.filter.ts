import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefusalCode } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { errorBody, ScimError } from '#libs/scim';
import { SCIM_JSON } from './answer.js';
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

/** Every failure leaves the gateway as an RFC 7644 §3.12 error; what is ours to mend is logged, not shown. */
@Catch()
export class ScimErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ScimErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest & { failure?: Failure }>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const failure = this.failure(error, request.id);
    request.failure = failure;
    if (error instanceof Unavailable) void reply.header('retry-after', String(error.retryAfterS));
    void reply
      .status(failure.status)
      .header('content-type', SCIM_JSON)
      .send(JSON.stringify(errorBody(failure)));
  }

  private failure(error: unknown, correlationId: string): Failure {
    if (error instanceof ScimError) return { status: error.status, scimType: error.scimType, detail: error.detail };
    if (error instanceof Refusal) {
      const answer = ANSWER[error.code];
      return { ...answer, scimType: error.scimType ?? answer.scimType, detail: error.message };
    }
    if (error instanceof Unavailable) return { status: 503, detail: error.message };
    if (error instanceof HttpException) return ofHttp(error.getStatus(), error.message);
    const status = statusOf(error);
    if (status !== undefined) return ofHttp(status, error instanceof Error ? error.message : String(error));
    this.log.error({ correlationId, err: error }, 'a request failed');
    return { status: 500, detail: 'The directory could not answer; the failure was logged.' };
  }
}

function ofHttp(status: number, message: string): Failure {
  if (status === 404) return { status, detail: 'There is nothing at this address. The Tenant URL ends in /v2.' };
  if (status === 413) return { status, detail: 'The request is longer than 1 MiB.' };
  if (status === 400) return { status, scimType: 'invalidSyntax', detail: message };
  return { status, detail: message };
}

/** Fastify's own errors carry the status they stand for. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
