import type { Kafka } from 'kafkajs';
import { StateTable, type Subscription } from '#libs/messaging';
import { type Fetched, PartitionReader } from './partition-reader.js';
import type { Sender } from './sender.js';

type Apply = Parameters<StateTable['follow']>[1];

/** A compacted topic, read whole by everybody who follows it. */
export class KafkaStateTable extends StateTable {
  constructor(
    private readonly kafka: Kafka,
    private readonly sender: Sender,
    private readonly partitionsOf: (topic: string) => number,
  ) {
    super();
  }

  put(topic: string, entries: readonly { key: string; value: string | null }[]): Promise<void> {
    return this.sender.send(topic, entries);
  }

  async snapshot(topic: string): Promise<Map<string, string>> {
    const table = new Map<string, string>();
    const readers = await this.readers(topic);
    try {
      for (const reader of readers) {
        const { low, high } = await reader.range();
        for (const { message, isDeletion } of await reader.read(low, high)) {
          if (isDeletion) table.delete(message.key);
          else table.set(message.key, message.value);
        }
      }
      return table;
    } finally {
      await closeAll(readers);
    }
  }

  async follow(topic: string, apply: Apply): Promise<Subscription & { ready: Promise<void>; lastHeardAt(): number }> {
    const readers = await this.readers(topic);
    const caughtUp = await Promise.all(readers.map((reader) => followOne(reader, apply)));
    return {
      ready: Promise.all(caughtUp.map(({ ready }) => ready)).then(() => undefined),
      lastHeardAt: () => Math.min(...readers.map((reader) => reader.lastHeardAt())),
      close: () => closeAll(readers),
    };
  }

  private readers(topic: string): Promise<PartitionReader[]> {
    const partitions = Array.from({ length: this.partitionsOf(topic) }, (_, partition) => partition);
    return Promise.all(partitions.map((partition) => PartitionReader.connect(this.kafka, topic, partition)));
  }
}

/** `ready`, wrapped because a promise of a promise would wait for both, resolves at the end of what was there at first. */
async function followOne(reader: PartitionReader, apply: Apply): Promise<{ ready: Promise<void> }> {
  const { low, high } = await reader.range();
  const { promise: ready, resolve } = Promise.withResolvers<undefined>();
  if (low >= high) resolve(undefined);
  reader.follow(low, ({ records, next }: Fetched) => {
    for (const { message, isDeletion } of records) apply(message.key, isDeletion ? null : message.value);
    if (next >= high) resolve(undefined);
  });
  return { ready };
}

async function closeAll(readers: readonly PartitionReader[]): Promise<void> {
  await Promise.all(readers.map((reader) => reader.close()));
}
