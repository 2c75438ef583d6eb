import type { Subscription } from '../message.js';
import { StateTable } from '../state-table.js';

type Apply = Parameters<StateTable['follow']>[1];

/** The compacted table of one process: a map, and everyone who follows it. */
export class InProcessStateTable extends StateTable {
  private readonly tables = new Map<string, Map<string, string>>();
  private readonly followers = new Map<string, Set<Apply>>();

  constructor(private readonly now: () => number) {
    super();
  }

  put(topic: string, entries: readonly { key: string; value: string | null }[]): Promise<void> {
    const table = this.table(topic);
    for (const { key, value } of entries) {
      if (value === null) table.delete(key);
      else table.set(key, value);
      for (const apply of this.followers.get(topic) ?? []) apply(key, value);
    }
    return Promise.resolve();
  }

  snapshot(topic: string): Promise<Map<string, string>> {
    return Promise.resolve(new Map(this.table(topic)));
  }

  follow(topic: string, apply: Apply): Promise<Subscription & { ready: Promise<void>; lastHeardAt(): number }> {
    for (const [key, value] of this.table(topic)) apply(key, value);
    const followers = this.followers.get(topic) ?? new Set<Apply>();
    this.followers.set(topic, followers.add(apply));
    return Promise.resolve({
      ready: Promise.resolve(),
      lastHeardAt: this.now,
      close: () => {
        followers.delete(apply);
        return Promise.resolve();
      },
    });
  }

  private table(topic: string): Map<string, string> {
    const known = this.tables.get(topic);
    if (known !== undefined) return known;
    const table = new Map<string, string>();
    this.tables.set(topic, table);
    return table;
  }
}
