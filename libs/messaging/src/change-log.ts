import type { Message, Received, Subscription } from './message.js';

/** The public, ordered log of changes: each partition written by one writer at a time, exactly once. */
export abstract class ChangeLog {
  /** Opens the one writer of a partition; an earlier writer of it, wherever it runs, can write no more. */
  abstract open(topic: string, partition: number): Promise<ChangeWriter>;

  /** Reads committed messages only, in order for each partition, as one of a group, and resumes where the group had got to. */
  abstract subscribe(options: {
    topic: string;
    group: string;
    start: 'earliest' | 'latest';
    handle(messages: readonly Received[]): Promise<void>;
    failed(error: unknown): void;
  }): Promise<Subscription>;
}

/** Why a partition has no newest message: there never was one, or what there was is not kept any more. */
export type NoMessage = 'nothing yet' | 'no longer kept';

export interface ChangeWriter {
  /** The newest committed message of the partition: how a new writer learns what was already published. */
  last(): Promise<Received | NoMessage>;

  /** Appends all of these or none, in this order. Any error means: it is unknown; close, open again and read `last`. */
  append(messages: readonly Message[]): Promise<void>;

  /** Whether everything in the partition can be read: false while something stands in it of which it is open whether it counts. */
  isWhole(): Promise<boolean>;

  close(): Promise<void>;
}
