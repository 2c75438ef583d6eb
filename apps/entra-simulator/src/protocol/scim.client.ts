import type { ScimObject } from '../mapping/scim-object.js';
import { answerFrom, type Answer } from './answer.js';
import { ProvisioningFailure, Quarantine } from './failure.js';
import type { HttpAnswer, HttpDoor } from './http-door.js';
import type { Exchange, Recording } from './recording.js';
import type { UrlVariant } from './url-variant.js';
import type { Query } from './query.js';
import { requestUrl, type TenantUrl } from './tenant-url.js';

/** How long to wait before a request is sent once more when there was no answer. */
const RECONNECT_WAITS_MS = [200, 600, 1_800] as const;
const BUSY_RETRIES_MAX = 3;
const BUSY_WAIT_MAX_MS = 5_000;
/** So many requests in a row without an answer, retries included, and the endpoint counts as gone. */
const UNANSWERED_MAX = 20;

const BUSY: ReadonlySet<number> = new Set([429, 503]);

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export const WHEN_BUSY = ['wait', 'next-cycle'] as const;

/** What a 429 or 503 leads to. Sources disagree on whether Entra honours `Retry-After` or comes again in the next cycle. */
export type WhenBusy = (typeof WHEN_BUSY)[number];

export type Wait = (milliseconds: number) => Promise<void>;

/** Speaks SCIM to one endpoint as Entra does, and counts what it sends. */
export class ScimClient {
  requests = 0;
  writes = 0;
  /** Answers of a server that has too much to do: 429 and 503. */
  busy = 0;
  private unanswered = 0;
  private readonly begunAt: number;

  constructor(
    private readonly tenant: TenantUrl,
    private readonly token: string,
    private readonly door: HttpDoor,
    private readonly wait: Wait,
    private readonly whenBusy: WhenBusy,
    private readonly recording: Recording,
    private readonly now: () => number,
  ) {
    this.begunAt = now();
  }

  async ask(method: Method, path: string, query: Query, body?: ScimObject, variant?: UrlVariant): Promise<Answer> {
    const url = requestUrl(this.tenant, path, query, variant);
    const request = `${method} ${url.href.slice(this.tenant.base.length)}`;
    const text = body && JSON.stringify(body);
    let attempts = 0;
    for (let busy = 0; ; busy++) {
      const reached = await this.reach(request, () => this.send(method, url, text));
      attempts += reached.attempts;
      const isBusy = BUSY.has(reached.answer.status);
      if (isBusy) this.busy += 1;
      const isWaiting = this.whenBusy === 'wait' && busy < BUSY_RETRIES_MAX;
      const pause = isBusy && isWaiting ? pauseAskedFor(reached.answer) : undefined;
      if (reached.answer.status === 401) throw unauthorized(request);
      if (pause === undefined) return answerFrom(request, reached.answer, attempts);
      await this.wait(pause);
    }
  }

  /** Sends until there is an answer, a bounded number of times. */
  private async reach(request: string, send: () => Promise<HttpAnswer>) {
    for (let attempts = 1; ; attempts++) {
      try {
        const answer = await send();
        this.unanswered = 0;
        return { answer, attempts };
      } catch (error) {
        const pause = RECONNECT_WAITS_MS[attempts - 1];
        if (pause === undefined) throw this.noAnswer(request, error);
        await this.wait(pause);
      }
    }
  }

  private async send(method: string, url: URL, body: string | undefined): Promise<HttpAnswer> {
    const number = ++this.requests;
    if (method !== 'GET') this.writes += 1;
    const headers = {
      Authorization: `Bearer ${this.token}`,
      ADSCIMVersion: '5.0',
      ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json; charset=utf-8' }),
    };
    const sentAt = this.now();
    const note = (outcome: Pick<Exchange, 'answer' | 'error'>) => {
      const path = url.href.slice(this.tenant.base.length);
      const times = { sentAtMs: Math.round(sentAt - this.begunAt), durationMs: Math.round(this.now() - sentAt) };
      this.recording.note({ number, ...times, request: { method, path, headers, body }, ...outcome });
    };
    try {
      const answer = await this.door.send(method, url, headers, body);
      note({ answer: { status: answer.status, headers: answer.headers, body: answer.text } });
      return answer;
    } catch (error) {
      note({ error: textOf(error) });
      throw error;
    }
  }

  private noAnswer(request: string, error: unknown): Error {
    this.unanswered += 1;
    const evidence = { request, detail: textOf(error) };
    if (this.unanswered < UNANSWERED_MAX) return new ProvisioningFailure('the endpoint did not answer', evidence);
    return new Quarantine('The endpoint does not answer any more. Entra would quarantine the job.', evidence);
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error));

function unauthorized(request: string): Quarantine {
  const sentence =
    'The endpoint refused the token (401). Entra would report invalid credentials and quarantine the job.';
  return new Quarantine(sentence, { request, status: 401 });
}

/** A busy server says when to come back; without that it is a failure like any other. */
function pauseAskedFor({ headers }: HttpAnswer): number | undefined {
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  const seconds = Number(after);
  return Math.min(Number.isFinite(seconds) ? seconds * 1_000 : 1_000, BUSY_WAIT_MAX_MS);
}
