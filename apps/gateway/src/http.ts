import type { IncomingMessage } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { BODY_BYTES_MAX, checkLimits, ScimError } from '#libs/scim';
import { SCIM_JSON } from './answer.js';

const SANE_ID = /^[\w.:-]{8,100}$/;
const ENDPOINTS = ['Users', 'Groups', 'Schemas', 'ResourceTypes', 'ServiceProviderConfig'];
const SPELLING = new Map(ENDPOINTS.map((name) => [name.toLowerCase(), name]));

/** Fastify as SCIM clients need it: ids for every request, and paths as forgiving as Entra's admins are with slashes. */
export function gatewayAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    rewriteUrl: ({ url = '/' }) => straightUrl(url),
    genReqId: ({ headers }: IncomingMessage) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && SANE_ID.test(given) ? given : v7();
    },
  });
}

/** `//v2//users/` and `/v2/Users` are the same place; what follows `?` is left as it is. */
export function straightUrl(url: string): string {
  const end = url.indexOf('?');
  const [path, query] = end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  const parts = path.split('/').filter((part) => part !== '');
  const spelled = parts.map((part, place) =>
    place === 1 && parts[0] === 'v2' ? (SPELLING.get(part.toLowerCase()) ?? part) : part,
  );
  return `/${spelled.join('/')}${query}`;
}

/** Teaches the application SCIM's media types (RFC 7644 §3.1, §8.1); every other one is answered 415. */
export function configureGateway(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  const parse = (_request: FastifyRequest, text: string, done: (error: Error | null, body?: unknown) => void) => {
    try {
      done(null, parseBody(text));
    } catch (error) {
      done(error as Error);
    }
  };
  const json = /^application\/(?:scim\+json|json)(?:$|[\s;])/i;
  fastify.addContentTypeParser(json, { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, parse);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (payload !== undefined && payload !== null && payload !== '') void reply.header('content-type', SCIM_JSON);
    done(null, payload);
  });
}

function parseBody(text: string): unknown {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (bare.trim() === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(bare);
  } catch (error) {
    throw new ScimError(400, 'invalidSyntax', `The body is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  checkLimits(body);
  return body;
}
