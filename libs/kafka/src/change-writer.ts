import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { ChangeWriter, Message, NoMessage, Received } from '#libs/messaging';
import { READ_COMMITTED, READ_UNCOMMITTED } from './kafkajs-internals.js';
import { PartitionReader } from './partition-reader.js';

const TRANSACTION_MS_MAX = 15_000;
// "Concurrent transactions" is the coordinator's answer while it finishes the last one: a matter of milliseconds.
const RETRY = { initialRetryTime: 5, maxRetryTime: 500, retries: 12 };
const BYTES_PER_SEND = 900_000;
const TAIL_STEPS = [8n, 1_024n, 65_536n];

/**
 * The one writer of a partition: its transactional id is the partition's, so that Kafka itself shuts out an earlier
 * writer and rolls back what that one left open.
 */
export async function openChangeWriter(kafka: Kafka, topic: string, partition: number): Promise<ChangeWriter> {
  const producer = kafka.producer({
    transactionalId: `roster.${topic}.${partition}`,
    transactionTimeout: TRANSACTION_MS_MAX,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => () => partition,
    retry: RETRY,
  });
  await producer.connect();
  try {
    // kafkajs registers a transactional id with its first transaction, not when it connects.
    const begun = await producer.transaction();
    const writer = new KafkaChangeWriter(kafka, producer, topic, partition, begun);
    if (!(await writer.isWhole())) await writer.rollBackRemains();
    return writer;
  } catch (error) {
    await producer.disconnect();
    throw error;
  }
}

class KafkaChangeWriter implements ChangeWriter {
  constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly topic: string,
    private readonly partition: number,
    private begun: Transaction | undefined,
  ) {}

  async last(): Promise<Received | NoMessage> {
    const reader = await PartitionReader.connect(this.kafka, this.topic, this.partition);
    try {
      const { low, high } = await reader.range();
      // The end of the log is commit marks and perhaps what was rolled back: look further back until something counts.
      for (const step of [...TAIL_STEPS, high - low]) {
        const from = high - step < low ? low : high - step;
        const newest = (await reader.read(from, high)).at(-1);
        if (newest !== undefined) return newest.message;
        if (from === low) break;
      }
      return low === 0n ? 'nothing yet' : 'no longer kept';
    } finally {
      await reader.close();
    }
  }

  append(messages: readonly Message[]): Promise<void> {
    return this.within((transaction) => transaction.commit(), messages);
  }

  async isWhole(): Promise<boolean> {
    const readable = await endOf(this.kafka, this.topic, this.partition, READ_COMMITTED);
    return readable >= (await endOf(this.kafka, this.topic, this.partition, READ_UNCOMMITTED));
  }

  /**
   * A broker that is killed between the decision to commit and the mark of it in the partition may forget the mark (seen with
   * Kafka 4.3.1). Nobody sees what then stands without one, but the next commit of this id would count for it as well.
   * The mark of a transaction that is rolled back counts for it too, and whatever it took away comes again from the table.
   */
  async rollBackRemains(): Promise<void> {
    await this.within((transaction) => transaction.abort(), [{ key: '', value: '' }]);
  }

  private async within(end: (transaction: Transaction) => Promise<void>, messages: readonly Message[]): Promise<void> {
    const transaction = this.begun ?? (await this.producer.transaction());
    this.begun = undefined;
    try {
      for (const part of parts(messages)) {
        await transaction.send({
          topic: this.topic,
          acks: -1,
          messages: part.map((message) => ({ ...message, partition: this.partition })),
        });
      }
      await end(transaction);
    } catch (error) {
      await transaction.abort().catch(() => undefined);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

/** One record batch has a largest size; a transaction may hold many. */
function parts(messages: readonly Message[]): Message[][] {
  const all: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value);
    if (bytes + size > BYTES_PER_SEND) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(message);
    bytes += size;
  }
  return all;
}

/** Where a reader of this isolation finds the end of the partition. */
async function endOf(kafka: Kafka, topic: string, partition: number, isolation: number): Promise<bigint> {
  const reader = await PartitionReader.connect(kafka, topic, partition, isolation);
  try {
    return (await reader.range()).high;
  } finally {
    await reader.close();
  }
}
