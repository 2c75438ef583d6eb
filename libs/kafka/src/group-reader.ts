import type { Consumer, Kafka } from 'kafkajs';
import type { Received } from '#libs/messaging';
import type { FetchedRecord } from './kafkajs-internals.js';
import { Lag } from './kafka.metrics.js';
import { received } from './received.js';
import { withAdmin } from './with-admin.js';

const TIME = { sessionMs: 6_000, heartbeatMs: 1_000, rebalanceMs: 30_000, waitMs: 250 };
const BYTES = { fetchMax: 16 * 1024 * 1024, perPartition: 2 * 1024 * 1024 };
const PAUSE_MS = { first: 50, max: 2_000 };

/** What a reader of a group is told to do; none of it is awaited but `positions`. */
export interface GroupHands {
  /** Where to read on in each partition that this member has now; undefined is the oldest that is kept. */
  positions(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint | undefined>>;
  /** What has come, in order for each partition, nothing below the positions. Must return at once. */
  take(messages: Received[]): void;
  /** The assignment changed or reading starts over: what has been taken and not begun will come again, or elsewhere. */
  drop(): void;
  failed(error: unknown): void;
}

/** The log ends before the place to which it was read: it is another one, and what it will hold there is not what was read. */
class OtherLog extends Error {
  constructor(topic: string, partition: number, wanted: bigint, high: bigint) {
    super(
      `${topic} ends at ${high} in partition ${partition} and has been read to ${wanted}: this Kafka is not the one that was read. ` +
        'If it was made anew, run migrate before the services (docs/operations.md, restore)',
    );
    this.name = 'OtherLog';
  }
}

/**
 * One member of a consumer group. After every change of the assignment, and after `startOver`, reading stands still
 * until `positions` has said where to go on: whatever Kafka itself remembers of the group never decides.
 * kafkajs has no call-back for revoked partitions, so what was taken may belong to somebody else already; whoever
 * commits has to fence.
 */
export class GroupReader {
  private readonly lag: Lag;
  private consumer: Consumer | undefined;
  private assignment: number[] | undefined;
  private generation = 0;
  private isSettled = false;
  private isOpen = true;
  private next = new Map<number, bigint>();
  private confirmed: () => void = () => undefined;
  private first = Promise.withResolvers<undefined>();
  private settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: () => Kafka,
    private readonly topic: string,
    private readonly group: string,
    private readonly hands: GroupHands,
  ) {
    this.lag = new Lag(topic);
  }

  /** Resolves when reading has begun. */
  async start(): Promise<void> {
    await this.join();
    await this.first.promise;
  }

  /** Stands still, asks for the positions again and reads on from there, once the group has confirmed the membership. */
  async startOver(): Promise<void> {
    const generation = this.stand();
    // A member that was away for too long is not one any more: claiming first would take the partitions from the new owner.
    await new Promise<void>((resolve) => (this.confirmed = resolve));
    if (generation === this.generation) this.settle(generation);
  }

  /** Stops fetching for a while, when more has come than can be worked on. */
  pause(partitions: number[]): void {
    if (this.isSettled) this.consumer?.pause([{ topic: this.topic, partitions }]);
  }

  resume(partitions: number[]): void {
    if (this.isSettled) this.consumer?.resume([{ topic: this.topic, partitions }]);
  }

  /** Notes that all before this offset has been worked on. */
  worked(partition: number, next: bigint): void {
    this.lag.done(partition, next);
  }

  /** Tells Kafka how far this group has got. */
  async commit(positions: ReadonlyMap<number, bigint>): Promise<void> {
    const own = [...positions].filter(([partition]) => this.assignment?.includes(partition) === true);
    if (own.length === 0) return;
    await this.consumer?.commitOffsets(
      own.map(([partition, offset]) => ({ topic: this.topic, partition, offset: String(offset) })),
    );
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.lag.end();
    this.stand();
    this.confirmed();
    this.first.resolve(undefined);
    await this.settling;
    await this.consumer?.disconnect();
  }

  private async join(): Promise<void> {
    // A client of its own: kafkajs shares what it remembers of a group's offsets among the consumers of one client.
    const consumer = this.kafka().consumer({
      groupId: this.group,
      sessionTimeout: TIME.sessionMs,
      heartbeatInterval: TIME.heartbeatMs,
      rebalanceTimeout: TIME.rebalanceMs,
      maxWaitTimeInMs: TIME.waitMs,
      maxBytes: BYTES.fetchMax,
      maxBytesPerPartition: BYTES.perPartition,
      allowAutoTopicCreation: false,
    });
    this.consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[this.topic] ?? [];
      const generation = this.stand();
      this.assignment = partitions;
      this.confirmed();
      this.settle(generation);
    });
    consumer.on(consumer.events.HEARTBEAT, () => this.confirmed());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || !this.isOpen) return; // kafkajs joins again by itself
      this.hands.failed(payload.error);
      this.rejoin();
    });
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch, isStale }) => {
        this.lag.reaches(batch.partition, BigInt(batch.highWatermark));
        if (!isStale()) this.take(batch.partition, batch.messages as FetchedRecord[]);
        return Promise.resolve();
      },
    });
  }

  private rejoin(): void {
    this.stand();
    setTimeout(() => {
      if (!this.isOpen) return;
      this.join().catch((error: unknown) => {
        this.hands.failed(error);
        this.rejoin();
      });
    }, PAUSE_MS.max);
  }

  private take(partition: number, records: readonly FetchedRecord[]): void {
    const next = this.next.get(partition);
    if (!this.isSettled || next === undefined) return;
    const messages = records.map((record) => received(partition, record)).filter(({ offset }) => offset >= next);
    const last = messages.at(-1);
    if (last === undefined) return;
    this.next.set(partition, last.offset + 1n);
    this.hands.take(messages);
  }

  /** Nothing that comes from now on counts, until the positions are known. */
  private stand(): number {
    this.isSettled = false;
    this.generation += 1;
    this.pauseAll();
    this.hands.drop();
    return this.generation;
  }

  private pauseAll(): void {
    try {
      this.consumer?.pause([{ topic: this.topic }]);
    } catch {
      // Not running now: there is nothing to pause, and joining again pauses first.
    }
  }

  private settle(generation: number): void {
    this.settling = this.settling.then(() => this.settleUntilDone(generation));
  }

  private async settleUntilDone(generation: number): Promise<void> {
    for (let pause = PAUSE_MS.first; this.isOpen && generation === this.generation; pause *= 2) {
      try {
        await this.settleOnce(generation);
        this.first.resolve(undefined);
        return;
      } catch (error) {
        this.hands.failed(error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(pause, PAUSE_MS.max)));
      }
    }
  }

  private async settleOnce(generation: number): Promise<void> {
    const { consumer, assignment } = this;
    if (consumer === undefined || assignment === undefined) return;
    const positions = await this.hands.positions(assignment);
    const kept = await this.kept();
    if (generation !== this.generation) return;
    this.next = new Map();
    for (const partition of assignment) {
      const { low, high } = kept.get(partition) ?? { low: 0n, high: 0n };
      const wanted = positions.get(partition) ?? low;
      if (wanted > high) throw new OtherLog(this.topic, partition, wanted, high);
      const offset = wanted < low ? low : wanted;
      this.next.set(partition, offset);
      consumer.seek({ topic: this.topic, partition, offset: String(offset) });
    }
    this.lag.begin(this.next);
    this.isSettled = true;
    consumer.resume([{ topic: this.topic }]);
  }

  private async kept(): Promise<Map<number, { low: bigint; high: bigint }>> {
    const offsets = await withAdmin(this.kafka(), (admin) => admin.fetchTopicOffsets(this.topic));
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
  }
}
