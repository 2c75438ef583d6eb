import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOK_MS = 200;

/** Where a gateway serves, and where it says whether it is ready. */
export interface Backend {
  port: number;
  operations: number;
}

/** A load balancer of the plainest kind: it sends to gateways that say they are ready, and never tries a request twice. */
export class Balancer {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly ready = new Set<Backend>();
  private readonly looking: NodeJS.Timeout;
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly backends: readonly Backend[],
  ) {
    server.on('request', (from, to) => this.pass(from, to));
    this.looking = setInterval(() => void this.look(), LOOK_MS);
  }

  static async open(backends: readonly Backend[]): Promise<Balancer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new Balancer(server, backends);
    await balancer.look();
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  isReady(backend: Backend): boolean {
    return this.ready.has(backend);
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async look(): Promise<void> {
    await Promise.all(
      this.backends.map(async (backend) => {
        const isReady = await fetch(`http://127.0.0.1:${backend.operations}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
        if (isReady) this.ready.add(backend);
        else this.ready.delete(backend);
      }),
    );
  }

  private pass(from: IncomingMessage, to: ServerResponse): void {
    const all = [...this.ready];
    const backend = all[this.turn++ % all.length];
    if (backend === undefined) {
      from.resume();
      to.writeHead(502).end('no gateway is ready');
      return;
    }
    const { method, url: path, headers } = from;
    const out = request(
      { host: '127.0.0.1', port: backend.port, agent: this.agent, method, path, headers },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'text/plain' });
        answer.pipe(to);
      },
    );
    out.on('error', (error) => {
      if (!to.headersSent) to.writeHead(502);
      to.end(`the gateway on port ${backend.port}: ${error.message}`);
    });
    from.pipe(out);
  }
}
