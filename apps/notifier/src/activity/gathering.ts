interface Batch<Item> {
  items: Item[];
  done: PromiseWithResolvers<undefined>;
}

/**
 * Brings what comes in many small pieces, from several lanes, into few large ones: a piece waits a little for others unless
 * there is enough already. One delivery at a time; who added something hears how the delivery that it was part of ended.
 */
export class Gathering<Item> {
  private batch: Batch<Item> | undefined;
  private running = false;

  constructor(
    private readonly waitMs: number,
    private readonly enough: number,
    private readonly deliver: (items: readonly Item[]) => Promise<void>,
  ) {}

  add(items: readonly Item[]): Promise<unknown> {
    this.batch ??= { items: [], done: Promise.withResolvers<undefined>() };
    for (const item of items) this.batch.items.push(item);
    const { done } = this.batch;
    if (!this.running) void this.run();
    return done.promise;
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.batch !== undefined) {
      if (this.batch.items.length < this.enough) await new Promise((resolve) => setTimeout(resolve, this.waitMs));
      const { items, done } = this.batch;
      this.batch = undefined;
      await this.deliver(items).then(() => done.resolve(undefined), done.reject);
    }
    this.running = false;
  }
}
