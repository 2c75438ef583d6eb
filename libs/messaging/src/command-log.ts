import type { Message, Received, Subscription } from './message.js';

/** Partitioned, ordered logs on which services are asked to do something. A key always lands in the same partition. */
export abstract class CommandLog {
  /** Resolves when every message is durably in the log. Throws Hindrance when that cannot be said in time. */
  abstract send(topic: string, messages: readonly Message[]): Promise<void>;

  /**
   * Reads as one of a group, each partition read by one member at a time, positions kept by the caller:
   * `assigned` is awaited after every change of the assignment and says where to go on in each partition (undefined:
   * from the log's start); nothing below that is delivered. `receive` gets what is there, in order for each partition;
   * the next call waits for its promise, so a slow receiver slows the log and not the memory.
   * An error from either is reported to `failed`, and the reading of that partition goes on from what `assigned` says next.
   */
  abstract consume(options: {
    topic: string;
    group: string;
    assigned(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint | undefined>>;
    receive(messages: readonly Received[]): Promise<void>;
    failed(error: unknown): void;
  }): Promise<Subscription>;

  /**
   * Reads as one of a group, positions kept by the log: at least once, in order for each partition, one call at a time
   * for each partition; a position is kept only after `handle` resolved. An error is reported to `failed` and the
   * messages are handed over again, after a growing pause.
   * `start: 'latest'` skips what was there before the group first joined.
   */
  abstract work(options: {
    topic: string;
    group: string;
    start?: 'earliest' | 'latest';
    handle(messages: readonly Received[]): Promise<void>;
    failed(error: unknown): void;
  }): Promise<Subscription>;

  /** The partition in which messages of this key land. */
  abstract partitionOf(topic: string, key: string): Promise<number>;
}

/** The log or the network is away: asking again later may work. */
export class Hindrance extends Error {
  readonly retriable = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Hindrance';
  }
}
