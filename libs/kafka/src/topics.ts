import type { Admin, ITopicConfig } from 'kafkajs';

/** A topic as the system wants it: its partitions, and how long and how its messages are kept. */
export interface TopicPlan {
  name: string;
  partitions: 'system' | number;
  retentionMs?: number;
  compacted?: boolean;
  messageBytesMax?: number;
}

const REPLICAS_MAX = 3;
const COMPACTION = { 'min.cleanable.dirty.ratio': '0.1', 'delete.retention.ms': String(24 * 60 * 60_000) };

/**
 * Creates the topics that do not exist yet, in as many copies as there are brokers, three at most.
 * Throws when one exists with another number of partitions: its keys would land elsewhere than everybody expects.
 */
export async function ensureTopics(admin: Admin, plans: readonly TopicPlan[], partitions: number): Promise<void> {
  const count = (plan: TopicPlan) => (plan.partitions === 'system' ? partitions : plan.partitions);
  const existing = new Set(await admin.listTopics());
  const missing = plans.filter(({ name }) => !existing.has(name));
  if (missing.length > 0) {
    const { brokers } = await admin.describeCluster();
    const replicas = Math.min(REPLICAS_MAX, brokers.length);
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((plan) => topicConfig(plan, count(plan), replicas)),
    });
  }
  if (plans.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: plans.map(({ name }) => name) });
  for (const plan of plans) {
    const found = topics.find(({ name }) => name === plan.name)?.partitions.length;
    if (found !== count(plan)) {
      throw new Error(
        `Topic ${plan.name} has ${found ?? 0} partitions and not ${count(plan)}: set PARTITIONS to the number with which the system was set up`,
      );
    }
    // Asked of each leader: a topic that another service has just made may not have all of its leaders yet.
    await admin.fetchTopicOffsets(plan.name);
  }
}

export function topicConfig(plan: TopicPlan, partitions: number, replicas: number): ITopicConfig {
  const entries: Record<string, string> = {
    'cleanup.policy': plan.compacted === true ? 'compact' : 'delete',
    ...(plan.compacted === true && COMPACTION),
    ...(plan.retentionMs !== undefined && { 'retention.ms': String(plan.retentionMs) }),
    ...(plan.messageBytesMax !== undefined && { 'max.message.bytes': String(plan.messageBytesMax) }),
    ...(replicas >= REPLICAS_MAX && { 'min.insync.replicas': '2' }),
  };
  return {
    topic: plan.name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })),
  };
}
