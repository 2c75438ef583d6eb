import { type Context, context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Headers = Readonly<Record<string, unknown>> | undefined;
type Attributes = Readonly<Record<string, string | number>>;

const NAME = 'roster';
let isOn = false;

/** What is told of traces by the environment. */
export interface TraceSettings {
  endpoint: string | undefined;
  /** Which part of the traces that begin here is made, from 0 to 1. */
  ratio: number;
}

/**
 * Begins to make traces when there is somewhere to send them; the libraries for it are not even loaded otherwise, and all
 * below does nothing. Gives what sends the last ones.
 */
export async function startTraces(service: string, { endpoint, ratio }: TraceSettings): Promise<() => Promise<void>> {
  if (endpoint === undefined) return () => Promise.resolve();
  const { exportTraces } = await import('./exporter.js');
  isOn = true;
  return exportTraces(service, ratio);
}

/** What a message carries so that whoever works on it goes on with this trace (W3C Trace Context); nothing when it is off. */
export function traceHeaders(): Record<string, string> | undefined {
  if (!isOn) return undefined;
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Does the work as a part of the trace that this code runs in. */
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return isOn ? within(context.active(), name, SpanKind.CLIENT, attributes, work) : work();
}

/** Does the work as a part of the trace that a message belongs to. */
export function inTraceOf<T>(message: Headers, name: string, work: () => Promise<T>): Promise<T> {
  return isOn ? within(contextOf(message), name, SpanKind.CONSUMER, {}, work) : work();
}

/** A stretch of time in milliseconds, as `performance.now` tells it. */
export interface Stretch {
  name: string;
  from: number;
  to: number;
}

/** Adds to the trace of a message what was done for it together with others: each stretch, and all of them as one. */
export function addToTraceOf(message: Headers, name: string, stretches: readonly Stretch[]): void {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (!isOn || first === undefined || last === undefined) return;
  const parent = contextOf(message);
  if (trace.getSpanContext(parent) === undefined) return;
  const tracer = trace.getTracer(NAME);
  const whole = tracer.startSpan(name, { kind: SpanKind.CONSUMER, startTime: first.from }, parent);
  const inside = trace.setSpan(parent, whole);
  for (const { name: part, from, to } of stretches) tracer.startSpan(part, { startTime: from }, inside).end(to);
  whole.end(last.to);
}

/** Makes each HTTP request a trace, or a part of its sender's. */
export function traceRequests(fastify: Pick<FastifyInstance, 'addHook'>): void {
  if (!isOn) return;
  const spans = new WeakMap<FastifyRequest, ReturnType<typeof startRequest>>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const begun = startRequest(request);
    spans.set(request, begun);
    context.with(begun.inside, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)?.span;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}

function startRequest({ headers, method, routeOptions, id }: FastifyRequest) {
  const route = routeOptions.url ?? '';
  const parent = contextOf(headers);
  const attributes = { 'http.request.method': method, 'http.route': route, 'roster.correlation_id': id };
  const span = trace.getTracer(NAME).startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
  return { span, inside: trace.setSpan(parent, span) };
}

const contextOf = (headers: Headers): Context => propagation.extract(ROOT_CONTEXT, headers ?? {});

async function within<T>(
  parent: Context,
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: () => Promise<T>,
) {
  const span = trace.getTracer(NAME).startSpan(name, { kind, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
    throw error;
  } finally {
    span.end();
  }
}
