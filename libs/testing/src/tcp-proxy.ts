import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire that can be cut: loopback connections to `port` go on to a target, until they do not. */
export class TcpProxy {
  private readonly pairs = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private target: number,
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  static async open(target: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('this machine gave no port');
    return new TcpProxy(server, address.port, target);
  }

  /** Where connections go from now on. */
  lead(target: number): void {
    this.target = target;
  }

  /** Breaks every connection; new ones are refused until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.pairs) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.pairs.add(one);
      one.on('error', () => undefined); // told to the other side by the close
      one.on('close', () => {
        this.pairs.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
