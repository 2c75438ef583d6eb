import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '#libs/scim';
import { KeyRefusal } from '../key/key-refusal.js';
import { exchangeOf } from './exchange.js';
import { type Problem, problemOf } from './problem.js';
import { isOperatorPath } from './scim-url.js';

const RETRY_AFTER_SECONDS = 5;

/** Every failure, wherever it comes from, becomes an error answer of RFC 7644 §3.12. */
@Catch()
export class ScimErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Gateway');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    if (error instanceof HttpException && isOperatorPath(request.url)) {
      reply.code(error.getStatus()).send(error.getResponse());
      return;
    }
    const problem = problemOf(error) ?? this.bug(error, request);
    const exchange = exchangeOf(request);
    exchange.scimType = problem.scimType;
    exchange.detail = problem.detail;
    if (error instanceof KeyRefusal) reply.header('www-authenticate', error.challenge);
    if (problem.status === 503) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
    reply.code(problem.status).send(errorBody(problem));
  }

  private bug(error: unknown, { id, method, url }: FastifyRequest): Problem {
    const stack = error instanceof Error ? error.stack : undefined;
    this.logger.error(`${method} ${url.split('?', 1).join('')} failed, correlation id ${id}: ${String(error)}`, stack);
    return { status: 500, detail: `Something went wrong in the service. Its log has more under ${id}.` };
  }
}
