import type { Kafka } from 'kafkajs';
import type { Kept } from './lane.js';

const NOTHING = { offset: '-1', metadata: null };

/** What Kafka has of each partition of the topic, and what it keeps there for the group. */
export async function keptOffsets(kafka: Kafka, topic: string, groupId: string): Promise<Kept[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [[committed], range] = await Promise.all([
      admin.fetchOffsets({ groupId, topics: [topic] }),
      admin.fetchTopicOffsets(topic),
    ]);
    const known = new Map(committed?.partitions.map((one) => [one.partition, one]));
    return range.map(({ partition, low, high }) => {
      const { offset, metadata } = known.get(partition) ?? NOTHING;
      return { partition, low, high, offset, metadata };
    });
  } finally {
    await admin.disconnect();
  }
}
