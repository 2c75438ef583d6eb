import type { KafkaConfig } from 'kafkajs';
import type { PublicEvent } from '#libs/contracts';

/** What a program says that wants to follow the changes. */
export interface SubscribeOptions extends Pick<KafkaConfig, 'ssl' | 'sasl'> {
  /** Addresses of Kafka, as `host:port`. */
  brokers: string[];
  /** Names the reader. Where it has got to is kept in Kafka under this name; processes of one name share the work. */
  groupId: string;
  /** Follow one directory only. A group that has begun with one stays with it. */
  directory?: string;
  /**
   * Where a group begins that has never been here before; later it goes on where it was. `earliest`: with the first event
   * there ever was of what it follows, and if that is kept no longer it stops at once. `latest`: with what comes after
   * `subscribe` has resolved.
   */
  from: 'earliest' | 'latest';
  /**
   * Is given each event, one at a time, in order for each directory. Once it has resolved, the event counts as dealt with.
   * When it rejects it is given the same event again, after a pause that grows to five seconds.
   */
  handle(event: PublicEvent): Promise<void> | void;
  /** Is told what went wrong and is being tried again: an error of `handle`, or of Kafka. Otherwise Node warns of it. */
  failed?(error: unknown): void;
  /** Events of types that came later than this version of the client: `stop` is what happens unless `skip` is said. */
  unknownTypes?: 'stop' | 'skip';
  /** The topic, if it is not called `directory.events`. */
  topic?: string;
}

/** A subscription that runs. */
export interface Subscription {
  /**
   * Resolves after `close`; rejects with a SubscriptionStopped at a gap. Who does not look at it has their process ended by
   * Node then, which is meant: a copy that misses a change must not be taken for a whole one.
   */
  ended: Promise<void>;
  /** Lets the event that is being handled come to its end, commits, and leaves the group. Not to be awaited in `handle`. */
  close(): Promise<void>;
}
