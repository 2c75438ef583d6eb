const AT_ONCE_MAX = 200;

interface Waiting<Asked, Found> {
  asked: Asked;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

/**
 * Does at once what was asked for in one turn of the event loop; while that is under way, what comes gathers for the next
 * time. `doAll` gives an answer for each, in the order in which they were asked. Its error is everybody's who was in it.
 */
export class Gathering<Asked, Found> {
  private waiting: Waiting<Asked, Found>[] = [];
  private isRunning = false;

  constructor(private readonly doAll: (asked: readonly Asked[]) => Promise<readonly Found[]>) {}

  ask(asked: Asked): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, resolve, reject });
      if (this.isRunning) return;
      this.isRunning = true;
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const taken = this.waiting.splice(0, AT_ONCE_MAX);
      try {
        const found = await this.doAll(taken.map(({ asked }) => asked));
        for (const [at, { resolve, reject }] of taken.entries()) {
          const own = found[at];
          if (own === undefined) reject(new Error('something that was asked for was not answered'));
          else resolve(own);
        }
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    this.isRunning = false;
  }
}
