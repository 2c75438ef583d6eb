import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const otlp = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: z.unknown() })) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(''),
              name: z.string(),
              startTimeUnixNano: z.coerce.bigint(),
              endTimeUnixNano: z.coerce.bigint(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  from: bigint;
  to: bigint;
}

/** Takes traces over OTLP/HTTP, as an OpenTelemetry collector does. */
export class Collector {
  private readonly spans: CollectedSpan[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void json(request).then((body) => {
        if (request.url === '/v1/traces') this.take(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async open(): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Every span of this trace that has come. */
  trace(id: string): CollectedSpan[] {
    return this.spans.filter(({ traceId }) => traceId === id);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private take(body: unknown): void {
    for (const { resource, scopeSpans } of otlp.parse(body).resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value;
      const service = z.object({ stringValue: z.string() }).parse(name).stringValue;
      for (const { startTimeUnixNano: from, endTimeUnixNano: to, ...span } of scopeSpans.flatMap(
        ({ spans }) => spans,
      )) {
        this.spans.push({ ...span, service, from, to });
      }
    }
  }
}
