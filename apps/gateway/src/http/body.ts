import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX, checkLimits, ScimError } from '#libs/scim';
import { exchangeOf } from './exchange.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Takes JSON bodies of either name, with any parameters, or without a name; other types are refused. Only the text is
 * taken here, so that nothing is parsed for a caller whose key has not been checked.
 */
export function acceptJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: BODY_BYTES_MAX } as const;
  server.addContentTypeParser(['application/scim+json', 'application/json'], options, (_request, text, done) => {
    done(null, text);
  });
  // Fastify hands both an unknown type and a body without one to the parser for everything.
  server.addContentTypeParser('*', options, (request, text, done) => {
    if (text === '' || request.is404 || request.headers['content-type'] === undefined) done(null, text);
    else done(new ScimError(415, undefined, 'Send the body as application/scim+json or application/json.'));
  });
}

/** The body as JSON within the limits; throws ScimError 400 invalidSyntax otherwise. */
export function jsonBody(request: FastifyRequest): unknown {
  const text = typeof request.body === 'string' ? request.body : '';
  const body = parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  checkLimits(body);
  exchangeOf(request).body = body;
  return body;
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new ScimError(400, 'invalidSyntax', 'The request has no body.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'The body is not valid JSON.');
  }
}
