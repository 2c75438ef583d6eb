import type { Subscription } from './message.js';

/** A compacted table: the last value of each key, replicated to everyone who follows it. */
export abstract class StateTable {
  /** Resolves when durable; `null` removes the key. */
  abstract put(topic: string, entries: readonly { key: string; value: string | null }[]): Promise<void>;

  /** Every key's last value as it stands now. */
  abstract snapshot(topic: string): Promise<Map<string, string>>;

  /**
   * Follows the table from its beginning: `apply` is called for each entry in order. `ready` resolves when all that was
   * there at the start has been applied. `lastHeardAt` is when the log last answered, with or without news, in
   * milliseconds since 1970; from it the follower knows how stale it may be.
   */
  abstract follow(
    topic: string,
    apply: (key: string, value: string | null) => void,
  ): Promise<Subscription & { ready: Promise<void>; lastHeardAt(): number }>;
}
