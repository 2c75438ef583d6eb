const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const LOOK_BACK = 50;

/** Requests at an even pace, whatever the answers take: creates, changes, reads and looks by name. */
export class Traffic {
  readonly failures: string[] = [];
  readonly durationsMs: number[] = [];
  private readonly made: string[] = [];
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Users that were acknowledged. */
  get users(): number {
    return this.made.length;
  }

  start(perSecond: number): void {
    this.timer = setInterval(() => {
      const turn = this.sent++;
      const one = this.one(turn).finally(() => this.open.delete(one));
      this.open.add(one);
    }, 1_000 / perSecond);
  }

  /** Resolves when every request has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  private async one(turn: number): Promise<void> {
    const id = this.made.at(-1 - (turn % LOOK_BACK));
    const userName = `user-${turn}@example.com`;
    if (id === undefined || turn % 4 === 0) {
      const body = await this.send('POST', '/Users', { schemas: [USER], userName, active: true });
      if (typeof body?.id === 'string') this.made.push(body.id);
    } else if (turn % 4 === 1) {
      const Operations = [{ op: 'replace', path: 'title', value: `title ${turn}` }];
      await this.send('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
    } else if (turn % 4 === 2) await this.send('GET', `/Users/${id}`);
    else await this.send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
  }

  private async send(method: string, path: string, body?: object): Promise<{ id?: unknown } | undefined> {
    const began = performance.now();
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' };
    try {
      const answer = await fetch(`${this.url}/v2${path}`, { method, headers, body: body && JSON.stringify(body) });
      const text = await answer.text();
      this.durationsMs.push(performance.now() - began);
      if (!answer.ok) this.failures.push(`${method} ${path}: ${answer.status} ${text}`);
      return answer.ok ? (JSON.parse(text) as { id?: unknown }) : undefined;
    } catch (error) {
      this.failures.push(`${method} ${path}: ${String(error)}`);
      return undefined;
    }
  }
}
