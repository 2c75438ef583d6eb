import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Failure, failureOf, UNFORESEEN } from '../failure.js';
import { Unavailable } from '../unavailable.js';
import { description, OAuthError, type OAuthErrorCode } from './oauth-error.js';

export const OAUTH_JSON = 'application/json; charset=utf-8';
const PATH = /^\/(?:oauth2\/|\.well-known\/oauth-)/;

/** Does this address speak OAuth, and not SCIM? */
export const isOAuth = (url: string): boolean => PATH.test(url);

/** Every failure of the token endpoint leaves as RFC 6749 §5.2 wants it; gives what is to be told of it. */
export function answerOAuth(error: unknown, request: FastifyRequest, reply: FastifyReply): Failure {
  const { code, status, text } = inWords(error);
  if (error instanceof Unavailable) void reply.header('retry-after', String(error.retryAfterS));
  const triedHeader = request.headers.authorization !== undefined;
  if (code === 'invalid_client' && triedHeader) void reply.header('www-authenticate', 'Basic realm="Roster"');
  void reply
    .status(status)
    .headers({ 'content-type': OAUTH_JSON, 'cache-control': 'no-store' })
    .send(JSON.stringify({ error: code, error_description: description(text) }));
  return { status, scimType: code, detail: text };
}

function inWords(error: unknown): { code: OAuthErrorCode | 'server_error'; status: number; text: string } {
  if (error instanceof OAuthError) return { code: error.code, status: error.status, text: error.message };
  const { status, detail }: Failure = failureOf(error) ?? UNFORESEEN;
  const code = status === 503 ? 'temporarily_unavailable' : status >= 500 ? 'server_error' : 'invalid_request';
  return { code, status, text: detail };
}
