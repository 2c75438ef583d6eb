import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

const TIMEOUT_MS = 15_000;

export interface Answer {
  /** The id under which the request was made; events that it caused carry it. */
  id: string;
  /** 0 when there was no answer. */
  status: number;
  body: { id?: string; meta?: { version?: string }; [attribute: string]: unknown } | undefined;
}

/** A plain SCIM client with connections that are kept; it never throws and never tries again by itself. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  call(port: number, token: string, method: string, path: string, body?: object): Promise<Answer> {
    const id = randomUUID();
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const nothing = () => resolve({ id, status: 0, body: undefined });
      const call = request(
        {
          agent: this.agent,
          port,
          host: '127.0.0.1',
          method,
          path: `/v2${path}`,
          timeout: TIMEOUT_MS,
          headers: {
            authorization: `Bearer ${token}`,
            'x-request-id': id,
            ...(text !== undefined && { 'content-type': 'application/scim+json' }),
          },
        },
        (response) => {
          let said = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (said += chunk));
          response.on('error', nothing);
          response.on('end', () => resolve({ id, status: response.statusCode ?? 0, body: parse(said) }));
        },
      );
      call.on('error', nothing);
      call.on('timeout', () => call.destroy());
      call.end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): Answer['body'] {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Answer['body']);
  } catch {
    return undefined; // cut off in the middle
  }
}

/** The number in `W/"3"`. */
export function versionOf(answer: Answer): number | undefined {
  const found = /^W\/"(\d+)"$/.exec(answer.body?.meta?.version ?? '');
  return found === null ? undefined : Number(found[1]);
}
