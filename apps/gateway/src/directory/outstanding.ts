interface Waiting {
  resolve(value: string): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Requests that wait for an answer, by id: each until it has one, it failed, or its time is over. */
export class Outstanding {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly max: number) {}

  get isFull(): boolean {
    return this.waiting.size >= this.max;
  }

  /** Waits for the answer to `id`; `late` makes the error when it does not come in time. */
  wait(id: string, timeoutMs: number, late: () => Error): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id, late()), timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(id: string, value: string): void {
    this.take(id)?.resolve(value);
  }

  fail(id: string, error: Error): void {
    this.take(id)?.reject(error);
  }

  failAll(error: Error): void {
    for (const id of [...this.waiting.keys()]) this.fail(id, error);
  }

  private take(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    clearTimeout(waiting?.timer);
    this.waiting.delete(id);
    return waiting;
  }
}
