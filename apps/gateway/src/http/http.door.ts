import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { BODY_BYTES_MAX, ScimError } from '#libs/scim';
import { ActivityRecorder } from '../activity/activity-recorder.js';
import { allowedMethods } from './allowed-methods.js';
import { acceptJsonBodies } from './body.js';
import { answerClientError, SCIM_JSON } from './client-error.js';
import { isOperatorPath, scimUrl } from './scim-url.js';

const RECEIVE_MS_MAX = 30_000;
/** Longer than any address that Node takes: an id that is none is a 404, however long. */
const PARAMETER_LENGTH_MAX = 65_536;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The HTTP server of the gateway; create the application on it with `bodyParser: false`. */
export function gatewayAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: RECEIVE_MS_MAX,
    // While closing, requests on connections that are still open are answered, not sent away.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    rewriteUrl: ({ url = '/' }) => scimUrl(url),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : uuidv7();
    },
    clientErrorHandler: answerClientError,
  });
}

/** What every request goes through besides its route. Call it before the application listens. */
export function configureGateway(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  const recorder = app.get(ActivityRecorder);
  acceptJsonBodies(server);
  server.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answerOtherMethod(request, reply, done);
    else done();
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    const hasBody = payload !== null && payload !== undefined;
    if (hasBody && !isOperatorPath(request.url)) reply.header('content-type', SCIM_JSON);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    recorder.record(request, reply);
    done();
  });
}

/** An address that exists, asked with a method that it does not have. */
function answerOtherMethod(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const allowed = allowedMethods(request.url);
  if (allowed === undefined) {
    done();
    return;
  }
  reply.header('allow', allowed.join(', '));
  if (request.method === 'OPTIONS') reply.code(204).send();
  else done(new ScimError(405, undefined, `${request.method} is not possible here, only ${allowed.join(', ')}.`));
}
