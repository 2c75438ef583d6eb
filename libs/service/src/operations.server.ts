import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gauge, METRICS_TYPE, metricsText } from './metrics/metrics.js';
import type { Health } from './readiness.js';

const ready = gauge('roster_ready', '1 when work may be sent to this process, 0 otherwise.', {});

interface Answer {
  status: number;
  type: string;
  body: string;
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

/**
 * What operators ask, on a port of its own: `/health/live` (the process runs), `/health/ready` (work may be sent; 503 with
 * the reasons otherwise) and `/metrics`. It is there before the service is and goes last.
 */
export class OperationsServer {
  private constructor(private readonly server: Server) {}

  static async open(where: { port: number; host: string }, health: Health): Promise<OperationsServer> {
    ready.read(() => [[{}, health.problems().length === 0 ? 1 : 0]]);
    const server = createServer((request, response) => {
      void answer(request.method, request.url, health).then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      });
    });
    server.listen(where.port, where.host);
    await once(server, 'listening');
    return new OperationsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

async function answer(method: string | undefined, url: string | undefined, health: Health): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET is answered here' });
  switch (url?.split('?', 1)[0]) {
    case '/health/live':
      return json(200, { status: 'live' });
    case '/health/ready': {
      const problems = health.problems();
      return problems.length === 0 ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', problems });
    }
    case '/metrics':
      return { status: 200, type: METRICS_TYPE, body: await metricsText() };
    default:
      return json(404, { error: 'here are /health/live, /health/ready and /metrics' });
  }
}
