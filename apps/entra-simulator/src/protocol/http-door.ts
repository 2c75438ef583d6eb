import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const ANSWER_TIMEOUT_MS = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface HttpAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** The way out: connections that are kept open, and no header that nobody asked for (fetch would name itself). */
export class HttpDoor {
  private readonly agents: { http: HttpAgent; https: HttpsAgent };

  constructor(connectionsMax: number) {
    const options = { keepAlive: true, maxSockets: connectionsMax };
    this.agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  }

  /** Rejects only when there was no whole answer. */
  send(method: string, url: URL, headers: Record<string, string>, body?: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const options = { method, headers: { ...headers, ...length }, timeout: ANSWER_TIMEOUT_MS };
      const receive = (incoming: IncomingMessage) => void read(incoming).then(resolve, reject);
      const outgoing =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: this.agents.https }, receive)
          : httpRequest(url, { ...options, agent: this.agents.http }, receive);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }
}

async function read(incoming: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(bytes);
  }
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString('utf8') };
}
