import { createRequire } from 'node:module';
import type { Broker, Cluster, Kafka } from 'kafkajs';

/**
 * What Roster uses of kafkajs beyond its public interface, to read a partition without a consumer group and to mend a
 * timer. The version of kafkajs is pinned; docs/decisions/0008 says why.
 */
const load = createRequire(import.meta.url);

/** A record as kafkajs decodes it from a fetch. */
export interface FetchedRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  offset: string;
}

export interface FetchedPartition {
  partition: number;
  highWatermark: string;
  messages: FetchedRecord[];
}

export interface ReadingBroker extends Omit<Broker, 'fetch'> {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    rackId: string;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
}

/** kafkajs's view of the brokers, with connections of its own. */
export interface OpenCluster extends Omit<Cluster, 'findBroker' | 'fetchTopicsOffset'> {
  findBroker(options: { nodeId: string }): Promise<ReadingBroker>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  fetchTopicsOffset(
    topics: { topic: string; fromBeginning: boolean; partitions: { partition: number }[] }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

/** One answer to a fetch, without control records and what was aborted. */
export interface FetchedBatch {
  messages: FetchedRecord[];
  rawMessages: FetchedRecord[];
  lastOffset(): string;
}

interface ClusterOptions {
  metadataMaxAge: number;
  allowAutoTopicCreation: boolean;
  isolationLevel?: number;
  maxInFlightRequests?: number;
}

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;
const METADATA_MAX_AGE_MS = 300_000;

export const Batch = load('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  data: FetchedPartition,
) => FetchedBatch;

export const RequestQueue = load('kafkajs/src/network/requestQueue') as {
  prototype: {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  };
};

/** A cluster with the settings of this client. */
export function clusterOf(kafka: Kafka, isolationLevel?: number): OpenCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined) throw new Error('this version of kafkajs is not the one that Roster is made for');
  const create = (kafka as unknown as Record<symbol, (options: ClusterOptions) => OpenCluster>)[symbol];
  if (create === undefined) throw new Error('this version of kafkajs is not the one that Roster is made for');
  return create({ metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false, isolationLevel });
}
