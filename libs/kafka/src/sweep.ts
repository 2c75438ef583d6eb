import type { Kafka } from 'kafkajs';
import { isUnknownTopic, withAdmin, withAdminOnce } from './with-admin.js';

const DEAD_AFTER_MS = 15 * 60_000; // many signs of life, so that a slow clock or a long pause kills nobody

/** Deletes the reply topics of instances that have given no sign of life for long, and tells which. */
export async function sweepReplyTopics(kafka: Kafka, prefix: string, own: string): Promise<string[]> {
  const all = await withAdmin(kafka, (admin) => admin.listTopics());
  const dead: string[] = [];
  for (const topic of all) {
    if (topic.startsWith(prefix) && topic !== own && (await isSilent(kafka, topic))) dead.push(topic);
  }
  await deleteTopics(kafka, dead);
  return dead;
}

/** Deletes topics; one that is gone already is no error. */
export async function deleteTopics(kafka: Kafka, topics: string[]): Promise<void> {
  if (topics.length === 0) return;
  try {
    await withAdminOnce(kafka, (admin) => admin.deleteTopics({ topics }));
  } catch (error) {
    if (!isUnknownTopic(error)) throw error;
  }
}

/** Has been written to, but not of late: a topic without any message is one that is just being opened. */
async function isSilent(kafka: Kafka, topic: string): Promise<boolean> {
  try {
    return await withAdminOnce(kafka, async (admin) => {
      const [range] = await admin.fetchTopicOffsets(topic);
      const [recent] = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() - DEAD_AFTER_MS);
      if (range === undefined || recent === undefined) return false;
      return BigInt(range.high) > 0n && recent.offset === range.high;
    });
  } catch (error) {
    if (isUnknownTopic(error)) return false; // its owner has just deleted it
    throw error;
  }
}
