/** One record: `key` decides the partition and so the order, `value` is JSON text. */
export interface Message {
  key: string;
  value: string;
  headers?: Record<string, string>;
}

/** A record as it came out of a log, with its place in it. */
export interface Received extends Message {
  partition: number;
  offset: bigint;
}

/** Something that runs until it is closed. `close` resolves when no handler runs any more. */
export interface Subscription {
  close(): Promise<void>;
}
