import { request } from 'node:http';
import type { Resource } from './scim.js';

/** A request as it goes over the wire: nothing is added to it but a key, unless it brings headers of its own for that. */
export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** Text goes as it is, anything else as SCIM JSON. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body, read as JSON; undefined when there is none. */
  json: Body | undefined;
}

/** What a SCIM answer may hold. */
export type Body = Partial<Resource> & {
  schemas?: string[];
  scimType?: string;
  detail?: string;
  status?: string;
  totalResults?: number;
  startIndex?: number;
  itemsPerPage?: number;
  nextCursor?: string;
  Resources?: Resource[];
  Operations?: {
    method: string;
    status: string;
    bulkId?: string;
    location?: string;
    version?: string;
    response?: Body;
  }[];
};

/** Sends exactly what it is given: no Accept, no User-Agent, no Content-Type for a text. */
export class Wire {
  constructor(
    readonly origin: string,
    readonly token: string,
  ) {}

  send({ method = 'GET', path, headers = {}, body }: Sent): Promise<Answer> {
    const isText = typeof body === 'string' || body === undefined;
    const sent = {
      ...(!('authorization' in headers) && { authorization: `Bearer ${this.token}` }),
      ...(!isText && { 'content-type': 'application/scim+json; charset=utf-8' }),
      ...headers,
    };
    const kept = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
    return new Promise((resolve, reject) => {
      const out = request(`${this.origin}${path}`, { method, headers: kept, path }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(pieces).toString();
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            json: text === '' ? undefined : (JSON.parse(text) as Body),
          });
        });
      });
      out.on('error', reject);
      out.end(isText ? body : JSON.stringify(body));
    });
  }

  get = (path: string, headers: Record<string, string> = {}) => this.send({ path, headers });
  post = (path: string, body: unknown) => this.send({ method: 'POST', path, body });
  patch = (path: string, ...Operations: object[]) => this.send({ method: 'PATCH', path, body: { Operations } });

  /** Makes a resource and gives it. */
  async make(endpoint: 'Users' | 'Groups', body: object): Promise<Resource> {
    const { status, json, text } = await this.post(`/v2/${endpoint}`, body);
    if (status !== 201) throw new Error(`it was not made: ${status} ${text}`);
    return json as Resource;
  }
}
