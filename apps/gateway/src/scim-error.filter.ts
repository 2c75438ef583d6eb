import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '#libs/scim';
import { SCIM_JSON } from './answer.js';
import { type Failure, failureOf, UNFORESEEN } from './failure.js';
import { answerOAuth, isOAuth } from './oauth/oauth-answer.js';
import { OAuthError } from './oauth/oauth-error.js';
import { Unavailable } from './unavailable.js';

/** Every failure leaves the gateway as an RFC 7644 §3.12 error, or as RFC 6749 §5.2 has it where tokens are given; what is ours to mend is logged, not shown. */
@Catch()
export class ScimErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(ScimErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest & { failure?: Failure }>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const known = failureOf(error);
    if (known === undefined && !(error instanceof OAuthError))
      this.log.error({ correlationId: request.id, err: error }, 'a request failed');
    if (isOAuth(request.url)) {
      request.failure = answerOAuth(error, request, reply);
      return;
    }
    const failure = known ?? UNFORESEEN;
    request.failure = failure;
    if (error instanceof Unavailable) void reply.header('retry-after', String(error.retryAfterS));
    void reply
      .status(failure.status)
      .header('content-type', SCIM_JSON)
      .send(JSON.stringify(errorBody(failure)));
  }
}
