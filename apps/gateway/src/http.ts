import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v4 } from 'uuid';
import { errorBody, ScimError } from '#libs/scim';
import { SCIM_JSON } from './answer.js';
import { BearerGuard } from './bearer.guard.js';
import { readBody, readText } from './body.js';
import { withoutDirectory } from './directory-path.js';
import { type Failure, UNSUPPORTED_MEDIA_TYPE } from './failure.js';
import { methodsAt } from './methods.js';
import { isOAuth, OAUTH_JSON } from './oauth/oauth-answer.js';

/** Under this name Fastify is told whom to tell of requests that come to no route: its hooks do not hear of them. */
export const UNROUTED = Symbol('UNROUTED');
export type NoteUnrouted = (request: FastifyRequest & { failure: Failure }, reply: FastifyReply) => void;

const SANE_ID = /^[\w.:-]{8,100}$/;
const ENDPOINTS = ['Users', 'Groups', 'Schemas', 'ResourceTypes', 'ServiceProviderConfig', 'Bulk', 'Me', '.search'];
const SPELLING = new Map([
  ...ENDPOINTS.map((name) => [name.toLowerCase(), name] as const),
  // Microsoft's own test collection asks for the configuration under this name.
  ['serviceconfiguration', 'ServiceProviderConfig'] as const,
]);
const BULK = '/v2/Bulk';
/** What tells nothing of anybody (RFC 7644 §4). */
const OPEN = /^\/v2\/(?:ServiceProviderConfig|ResourceTypes|Schemas)(?:[/?]|$)/;
const HEAD_BYTES_MAX = 64 * 1024;
// Microsoft's feature flag, when a client appends its path to a Tenant URL that ends in it, or in it and other parameters (Q54).
const QUERY_BETWEEN =
  /^(\/+v2\/*)\?([^/?]*)(\/+(?:users|groups|schemas|resourcetypes|service\w+|bulk|me|\.search)\b[^?]*)(\?.*)?$/i;
const FLAG = /^(?:aadOptscim|AzureAdScimPatch)\d+(?:=|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:$|[\s;])/i;
const FORM_BYTES_MAX = 64 * 1024;
const JSON_TYPE = /^application\/(?:scim\+json|json)(?:$|[\s;])/i;

/** Fastify as SCIM clients need it: ids for every request, and paths as forgiving as Entra's admins are with slashes. */
export function gatewayAdapter(trustProxy: string[] = []): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy,
    // An id longer than ours is nobody's, not an error of the address.
    routerOptions: { maxParamLength: 16_384 },
    rewriteUrl: (request: IncomingMessage) => straightUrl(withoutDirectory(request, request.url ?? '/')),
    // A filter that is too long is told so; Node would cut the whole head off at 16 kB.
    http: { maxHeaderSize: HEAD_BYTES_MAX },
    clientErrorHandler: (error, socket) => refuseUnreadable(error.code, socket),
    // Addresses that cannot even be read never come to a route, nor to its filter.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const detail = `The address cannot be read: ${error.message}`;
      const failure: Failure = { status: 400, scimType: 'invalidSyntax', detail };
      const body = errorBody(failure);
      const { [UNROUTED]: note } = request.server as typeof request.server & { [UNROUTED]?: NoteUnrouted };
      if (note !== undefined) reply.raw.once('finish', () => note(Object.assign(request, { failure }), reply));
      void reply
        .status(400)
        .headers({ 'content-type': SCIM_JSON, 'x-request-id': request.id })
        .send(JSON.stringify(body));
    },
    genReqId: ({ headers }: IncomingMessage) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && SANE_ID.test(given) ? given : v4();
    },
  });
}

/** `//V2//users/` and `/v2/Users` are the same place; what follows `?` is left as it is. */
export function straightUrl(written: string): string {
  const url = withoutFlagBetween(written);
  const end = url.indexOf('?');
  const [path, query] = end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0]?.toLowerCase() === 'v2') parts[0] = 'v2';
  const spelled = parts.map((part, place) =>
    place === 1 && parts[0] === 'v2' ? (SPELLING.get(part.toLowerCase()) ?? part) : part,
  );
  return `/${spelled.join('/')}${query}`;
}

function withoutFlagBetween(url: string): string {
  const [, base, between = '', path, query = ''] = QUERY_BETWEEN.exec(url) ?? [];
  const parameters = between.split('&');
  if (base === undefined || path === undefined || !parameters.some((each) => FLAG.test(each))) return url;
  const kept = [...parameters.filter((each) => !FLAG.test(each)), query.slice(1)].filter((each) => each !== '');
  return `${base}${path}${kept.length === 0 ? '' : '?'}${kept.join('&')}`;
}

/** Teaches the application SCIM's media types (RFC 7644 §3.1, §8.1) and methods; other types are answered 415, others 405. */
export function configureGateway(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(payload, isBulk(request.url)),
  );
  // Clients ask for tokens with a form; what stops mails is a form that nobody reads (RFC 8058).
  fastify.addContentTypeParser(FORM_TYPE, async (request: FastifyRequest, payload: IncomingMessage) => {
    const text = await readText(payload, FORM_BYTES_MAX);
    if (isOAuth(request.url)) return new URLSearchParams(text);
    if (request.url.startsWith('/notify/')) return undefined;
    throw new ScimError(415, undefined, UNSUPPORTED_MEDIA_TYPE);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    // Scripts forget the type; only JSON can be meant.
    request.headers['content-type'] ??= 'application/scim+json';
    const allowed = methodsAt(request.url);
    if (allowed === undefined || (request.method !== 'OPTIONS' && allowed.includes(request.method))) {
      done();
      return;
    }
    void reply.header('allow', allowed.join(', '));
    if (request.method === 'OPTIONS') void reply.status(204).send();
    else done(new ScimError(405, undefined, `${request.method} means nothing here; ${allowed.join(', ')} do.`));
  });
  const guard = app.get(BearerGuard, { strict: false });
  // Before the body is read: who is not let in costs no more than the look at a header.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isGuarded(request)) {
      done();
      return;
    }
    try {
      const turn = guard.admit(request, reply);
      if (turn === undefined) done();
      else turn.then(() => done(), done);
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    if (isOAuth(request.url)) void reply.header('content-type', OAUTH_JSON);
    else if (payload !== undefined && payload !== null && payload !== '' && !isPage)
      void reply.header('content-type', SCIM_JSON);
    done(null, payload);
  });
}

/** All of SCIM but what is open: a route that is added is guarded unless somebody decides otherwise. */
function isGuarded({ url, is404 }: FastifyRequest): boolean {
  return !is404 && /^\/v2(?:[/?]|$)/.test(url) && !OPEN.test(url);
}

/** Answers what is no HTTP that can be read: there is no request for it, nor a reply. */
function refuseUnreadable(code: string | undefined, socket: Socket): void {
  const isTooLong = code === 'HPE_HEADER_OVERFLOW';
  const status = isTooLong ? 431 : 400;
  const detail = isTooLong ? 'The head of the request is longer than 64 kB.' : 'This is no request that can be read.';
  const body = JSON.stringify(errorBody({ status, detail }));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${SCIM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  else socket.destroy();
}

/** True for `/v2/Bulk`, which has limits of its own (design: 8 MiB, and each operation as large as a request). */
function isBulk(url: string): boolean {
  return url.split('?', 1)[0] === BULK;
}
