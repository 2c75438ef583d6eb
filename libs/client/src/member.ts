import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';

const TIME = { sessionMs: 10_000, heartbeatMs: 1_000, rebalanceMs: 60_000, waitMs: 250 };
const REJOIN_MS = 2_000;

/** What a member of the group is told. */
export interface MemberHands {
  /** These partitions are ours now. Nothing is fetched until `go`. */
  assigned(partitions: number[]): void;
  batch(payload: EachBatchPayload): Promise<void>;
  failed(error: unknown): void;
}

/** One member of a consumer group that joins again whatever happens, until it is closed. */
export class Member {
  private consumer: Consumer | undefined;
  private isOpen = true;

  constructor(
    private readonly kafka: () => Kafka,
    private readonly topic: string,
    private readonly groupId: string,
    private readonly hands: MemberHands,
  ) {}

  async join(): Promise<void> {
    const consumer = this.kafka().consumer({
      groupId: this.groupId,
      sessionTimeout: TIME.sessionMs,
      heartbeatInterval: TIME.heartbeatMs,
      rebalanceTimeout: TIME.rebalanceMs,
      maxWaitTimeInMs: TIME.waitMs,
      allowAutoTopicCreation: false,
      readUncommitted: false,
    });
    this.consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      consumer.pause([{ topic: this.topic }]);
      this.hands.assigned(payload.memberAssignment[this.topic] ?? []);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!this.isOpen) return;
      this.hands.failed(payload.error);
      if (!payload.restart) this.rejoin(); // else kafkajs joins again by itself
    });
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.hands.batch(payload),
    });
  }

  /** Fetches from these offsets on. */
  go(offsets: ReadonlyMap<number, bigint>): void {
    const { consumer, topic } = this;
    for (const [partition, offset] of offsets) consumer?.seek({ topic, partition, offset: String(offset) });
    consumer?.resume([{ topic }]);
  }

  async commit(offsets: readonly { partition: number; offset: string; metadata: string }[]): Promise<void> {
    await this.consumer?.commitOffsets(offsets.map((one) => ({ ...one, topic: this.topic })));
  }

  async leave(): Promise<void> {
    this.isOpen = false;
    await this.consumer?.disconnect();
  }

  private rejoin(): void {
    setTimeout(() => {
      if (!this.isOpen) return;
      this.join().catch((error: unknown) => {
        this.hands.failed(error);
        this.rejoin();
      });
    }, REJOIN_MS);
  }
}
