/** Nobody's turn came in time. */
export class NoTurn extends Error {
  constructor(waitedMs: number) {
    super(`there was no turn within ${waitedMs} ms`);
    this.name = 'NoTurn';
  }
}

/** Lets so many do their work at once; the others wait in line, in the order in which they came. */
export class Turns {
  private underWay = 0;
  private readonly line = new Set<() => void>();

  constructor(
    private readonly atOnceMax: number,
    /** How long one waits, in milliseconds; then `take` throws NoTurn, and the work is not begun. */
    private readonly waitMsMax: number,
  ) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.underWay >= this.atOnceMax) await this.turn();
    else this.underWay += 1;
    try {
      return await work();
    } finally {
      const [next] = this.line;
      if (next === undefined) this.underWay -= 1;
      else next(); // and the place is its own
    }
  }

  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        this.line.delete(begin);
        resolve();
      };
      const timer = setTimeout(() => {
        this.line.delete(begin);
        reject(new NoTurn(this.waitMsMax));
      }, this.waitMsMax);
      this.line.add(begin);
    });
  }
}
