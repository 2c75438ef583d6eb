import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ISocketFactory, Logger, RetryOptions } from 'kafkajs';

// kafkajs has no reader without a consumer group and a bug in its request queue. Both are reached through its own
// classes, which are the same for ever in the one version named here: whoever changes the version reads this room again.
const VERSION = '2.2.4';
const require = createRequire(import.meta.url);

/** What one partition answered to a fetch. */
export interface FetchedPartition {
  partition: number;
  highWatermark: string;
  messages: unknown[];
}

/** A broker, as far as this room uses it. */
export interface Broker {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
}

/** kafkajs's own connections to the brokers, and what it knows of them. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(which: { nodeId: string }): Promise<Broker>;
  removeBroker(which: { host: string; port: number }): void;
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

export interface ClusterOptions {
  logger: Logger;
  socketFactory: ISocketFactory;
  brokers: readonly string[];
  ssl: unknown;
  sasl: unknown;
  clientId: string;
  connectionTimeout: number;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  metadataMaxAge: number;
  retry: RetryOptions;
  allowAutoTopicCreation: boolean;
  isolationLevel: number;
}

/** A record as kafkajs decodes it. */
export interface RawRecord {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
}

/** Leaves out control records and what belongs to aborted transactions. */
export interface Batch {
  /** As they came, markers and aborted ones too. */
  rawMessages: RawRecord[];
  messages: RawRecord[];
}

/** The queue of requests of one connection; the fields that the repair touches. */
export interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

interface Internals {
  Cluster: new (options: ClusterOptions) => Cluster;
  Batch: new (topic: string, fetchedOffset: string, partition: FetchedPartition) => Batch;
  RequestQueue: { prototype: RequestQueue };
}

/** kafkajs's inner classes. Throws when the installed version is not the one they were read in. */
export function kafkajsInternals(): Internals {
  const { version } = JSON.parse(readFileSync(require.resolve('kafkajs/package.json'), 'utf8')) as { version: string };
  if (version !== VERSION) throw new Error(`libs/kafka is made for kafkajs ${VERSION}, and ${version} is installed`);
  return {
    Cluster: require('kafkajs/src/cluster') as Internals['Cluster'],
    Batch: require('kafkajs/src/consumer/batch') as Internals['Batch'],
    RequestQueue: require('kafkajs/src/network/requestQueue') as Internals['RequestQueue'],
  };
}

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;
