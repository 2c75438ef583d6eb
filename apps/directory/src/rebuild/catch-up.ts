import type { Statements } from '#libs/postgres';
import { eventPage } from './event-pages.js';
import { foldEvents } from './fold.js';
import { ShadowWorlds } from './shadow-world.js';
import { ShadowWriter } from './shadow-writer.js';

/** Brings the rebuilt tables up to the events, page by page, partition by partition; remembers how far they are. */
export class CatchUp {
  /** How many events have been read. */
  events = 0;
  private done = new Map<number, number>();

  private constructor(
    private readonly statements: Statements,
    private readonly worlds: ShadowWorlds,
    private readonly writer: ShadowWriter,
  ) {}

  static async open(statements: Statements): Promise<CatchUp> {
    return new CatchUp(statements, new ShadowWorlds(statements), await ShadowWriter.open(statements));
  }

  /** How many events there are up to these positions that have not been read. */
  lag(positions: ReadonlyMap<number, number>): number {
    return [...positions].reduce((sum, [partition, last]) => sum + Math.max(0, last - this.at(partition)), 0);
  }

  /** Reads on to these positions; `after` is called after each page and may throw to end it. */
  async to(positions: ReadonlyMap<number, number>, after = () => Promise.resolve()): Promise<void> {
    for (const [partition, last] of positions) {
      while (this.at(partition) < last) {
        await this.page(partition, last);
        await after();
      }
    }
  }

  /** What `work` reads counts only if it resolves: for a transaction that may be undone. */
  async tentatively<T>(work: () => Promise<T>): Promise<T> {
    const [events, done] = [this.events, new Map(this.done)];
    try {
      return await work();
    } catch (error) {
      [this.events, this.done] = [events, done];
      this.worlds.forget();
      throw error;
    }
  }

  private at(partition: number): number {
    return this.done.get(partition) ?? 0;
  }

  private async page(partition: number, upTo: number): Promise<void> {
    const after = this.at(partition);
    const events = await eventPage(this.statements, partition, { after, upTo });
    const isWhole = events.every(({ position }, at) => position === after + 1 + at) && events.length > 0;
    if (!isWhole)
      throw new Error(`partition ${partition} has a gap in its positions after ${after}; nothing was changed`);
    const world = await this.worlds.before(events);
    await this.writer.write(events, foldEvents(world, events));
    this.worlds.keep(world, events);
    this.done.set(partition, after + events.length);
    this.events += events.length;
  }
}
