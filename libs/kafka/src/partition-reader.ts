import type { Kafka } from 'kafkajs';
import type { Received } from '#libs/messaging';
import { Batch, clusterOf, type FetchedRecord, type OpenCluster, READ_COMMITTED } from './kafkajs-internals.js';
import { patiently } from './patiently.js';
import { OF_BYTES, received } from './received.js';

const WAIT_MS_MAX = 500;
const BYTES_MAX = 10 * 1024 * 1024;
const PAUSE_MS = { first: 50, max: 1_000 };

/** What one fetch brought: the records, those without a value apart, and where the next one begins. `bytes` instead of a text. */
export interface Fetched {
  records: { message: Received; isDeletion: boolean; bytes?: Buffer }[];
  next: bigint;
  high: bigint;
}

class NoLeader extends Error {
  readonly type = 'LEADER_NOT_AVAILABLE';

  constructor(topic: string, partition: number) {
    super(`partition ${partition} of ${topic} has no leader now`);
    this.name = 'NoLeader';
  }
}

/**
 * Reads one partition without a consumer group: no coordinator, no rebalance, nothing left behind. It sees committed
 * records only. Errors of the network are waited out.
 */
export class PartitionReader {
  private isOpen = true;
  private heardAt = 0;
  private running: Promise<void> | undefined;

  private constructor(
    private readonly cluster: OpenCluster,
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  static connect(kafka: Kafka, topic: string, partition: number, isolation = READ_COMMITTED): Promise<PartitionReader> {
    return patiently(async () => {
      const cluster = clusterOf(kafka, isolation);
      try {
        await cluster.connect();
        await cluster.addMultipleTargetTopics([topic]);
        return new PartitionReader(cluster, topic, partition);
      } catch (error) {
        await cluster.disconnect();
        throw error;
      }
    });
  }

  /** When the broker last answered, in milliseconds since 1970. */
  lastHeardAt(): number {
    return this.heardAt;
  }

  /** The first offset that is kept, and the one that comes next. */
  range(): Promise<{ low: bigint; high: bigint }> {
    return this.patiently(async () => ({ low: await this.bound(true), high: await this.bound(false) }));
  }

  /** Everything from one offset to before another, as far as it is kept. */
  async read(from: bigint, to: bigint): Promise<Fetched['records']> {
    const all: Fetched['records'] = [];
    for (let next = from; next < to;) {
      const fetched = await this.patiently(() => this.fetch(next));
      all.push(...fetched.records);
      next = fetched.next;
    }
    return all.filter(({ message }) => message.offset < to);
  }

  /** Hands over whatever comes, from this offset on, until `close`. */
  follow(from: bigint, hear: (fetched: Fetched) => void): void {
    this.running = this.run(from, hear);
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.running;
    await this.cluster.disconnect();
  }

  private patiently<T>(act: () => Promise<T>): Promise<T> {
    return patiently(act, { between: () => this.cluster.refreshMetadata() });
  }

  private async bound(fromBeginning: boolean): Promise<bigint> {
    const partitions = [{ partition: this.partition }];
    const [answer] = await this.cluster.fetchTopicsOffset([{ topic: this.topic, fromBeginning, partitions }]);
    const offset = answer?.partitions[0]?.offset;
    if (offset === undefined) throw new NoLeader(this.topic, this.partition);
    return BigInt(offset);
  }

  private async run(from: bigint, hear: (fetched: Fetched) => void): Promise<void> {
    let next = from;
    let pause = PAUSE_MS.first;
    while (this.isOpen) {
      try {
        const fetched = await this.fetch(next);
        next = fetched.next;
        pause = PAUSE_MS.first;
        hear(fetched);
      } catch (error) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, PAUSE_MS.max);
        next = await this.recover(error, next).catch(() => next);
      }
    }
  }

  private async fetch(from: bigint): Promise<Fetched> {
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(this.topic, [this.partition]));
    if (nodeId === undefined) throw new NoLeader(this.topic, this.partition);
    const broker = await this.cluster.findBroker({ nodeId });
    const partitions = [{ partition: this.partition, fetchOffset: String(from), maxBytes: BYTES_MAX }];
    const { responses } = await broker.fetch({
      maxWaitTime: WAIT_MS_MAX,
      minBytes: 1,
      maxBytes: BYTES_MAX,
      isolationLevel: READ_COMMITTED,
      rackId: '',
      topics: [{ topic: this.topic, partitions }],
    });
    this.heardAt = Date.now();
    const data = responses[0]?.partitions[0];
    if (data === undefined) return { records: [], next: from, high: from };
    const batch = new Batch(this.topic, String(from), data);
    return {
      records: batch.messages.map((record: FetchedRecord) => {
        const isDeletion = record.value === null;
        if (record.value === null || record.headers[OF_BYTES] === undefined) {
          return { message: received(this.partition, record), isDeletion };
        }
        return { message: received(this.partition, { ...record, value: null }), isDeletion, bytes: record.value };
      }),
      next: batch.rawMessages.length > 0 ? BigInt(batch.lastOffset()) + 1n : from,
      high: BigInt(data.highWatermark),
    };
  }

  /** After an error: looks for the brokers again; when what was wanted is kept no longer, goes on with the oldest there is. */
  private async recover(error: unknown, next: bigint): Promise<bigint> {
    if (error instanceof Error && 'host' in error && 'port' in error) {
      this.cluster.removeBroker(error as Error & { host: string; port: number });
    }
    if (!this.cluster.isConnected()) await this.cluster.connect();
    await this.cluster.refreshMetadata();
    const [low, high] = [await this.bound(true), await this.bound(false)];
    return next < low || next > high ? low : next;
  }
}
