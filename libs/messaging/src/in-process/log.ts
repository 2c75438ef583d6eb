const KEPT = 10_000;

/**
 * Entries in the order in which they came, read by groups that each remember where they are. What every group has read
 * is forgotten, but for the newest, which a group that joins later still finds.
 */
export class Log<Entry> {
  private entries: Entry[] = [];
  private first = 0;
  private readonly groups = new Map<string, { at: number; wake: () => void }>();

  append(entries: readonly Entry[]): void {
    for (const entry of entries) this.entries.push(entry);
    if (this.entries.length > 2 * KEPT) this.forget();
    for (const { wake } of this.groups.values()) wake();
  }

  /** A group that is known goes on where it was. */
  join(group: string, start: 'earliest' | 'latest'): void {
    if (this.groups.has(group)) return;
    const at = start === 'earliest' ? this.first : this.first + this.entries.length;
    this.groups.set(group, { at, wake: () => undefined });
  }

  /** The next entries of the group, which stay the next ones until `advance`. */
  next(group: string, max: number): Entry[] {
    const from = (this.groups.get(group)?.at ?? this.first) - this.first;
    return this.entries.slice(from, from + max);
  }

  advance(group: string, count: number): void {
    const place = this.groups.get(group);
    if (place !== undefined) place.at += count;
  }

  /** Resolves when there may be more for the group. */
  more(group: string): Promise<void> {
    return new Promise((resolve) => {
      const place = this.groups.get(group);
      if (place === undefined) resolve();
      else place.wake = resolve;
    });
  }

  wake(group: string): void {
    this.groups.get(group)?.wake();
  }

  private forget(): void {
    const end = this.first + this.entries.length;
    const slowest = Math.min(end - KEPT, ...[...this.groups.values()].map(({ at }) => at));
    if (slowest <= this.first) return;
    this.entries = this.entries.slice(slowest - this.first);
    this.first = slowest;
  }
}
