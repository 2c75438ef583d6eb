import type { ChangeLog, CommandLog, ReplyChannel, StateTable } from '#libs/messaging';
import { KafkaChangeLog } from './change-log.js';
import { type Access, createClient, type KafkaLog } from './client.js';
import { KafkaCommandLog } from './command-log.js';
import { KafkaReplyChannel } from './reply-channel.js';
import { Sender } from './sender.js';
import { KafkaStateTable } from './state-table.js';
import { ensureTopics, type TopicPlan } from './topics.js';
import { isPassing } from './patiently.js';
import { withAdmin } from './with-admin.js';

export interface KafkaOptions extends Access {
  clientId: string;
  /** The number that was fixed when the system was first set up. */
  partitions: number;
  /** Made when they do not exist yet. */
  topics: readonly TopicPlan[];
  log?: KafkaLog;
  /** How long brokers that do not answer are waited for: half a minute unless given. */
  patienceMs?: number;
}

/** The four ports of the bus, on Kafka. */
export interface KafkaBus {
  commands: CommandLog;
  replies: ReplyChannel;
  changes: ChangeLog;
  states: StateTable;
  /** Where each partition of a topic ends. */
  endsOf(topic: string): Promise<{ partition: number; end: number }[]>;
  close(): Promise<void>;
}

/**
 * Connects to the brokers and makes the topics that are missing. Throws a sentence when no broker answers or a topic
 * has another number of partitions. `close` ends what is shared; subscriptions and writers are closed by their users.
 */
export async function connectKafka(options: KafkaOptions): Promise<KafkaBus> {
  const { brokers, clientId, partitions, topics, log = () => undefined, patienceMs } = options;
  const kafka = () => createClient(options, clientId, log);
  const shared = kafka();
  const ensure = withAdmin(shared, (admin) => ensureTopics(admin, topics, partitions), patienceMs);
  await ensure.catch((error: unknown) => {
    if (!isPassing(error)) throw error;
    throw new Error(`No Kafka broker answers at ${brokers.join(', ')} (KAFKA_BROKERS)`, { cause: error });
  });
  const sender = await Sender.connect(shared);
  const planned = new Map(topics.map((topic) => [topic.name, topic.partitions]));
  const partitionsOf = (topic: string) => {
    const count = planned.get(topic) ?? 'system';
    return count === 'system' ? partitions : count;
  };
  const replies = new KafkaReplyChannel(shared, log);
  return {
    commands: new KafkaCommandLog(kafka, sender, partitionsOf),
    replies,
    changes: new KafkaChangeLog(kafka),
    states: new KafkaStateTable(shared, sender, partitionsOf),
    endsOf: async (topic) => {
      const offsets = await withAdmin(shared, (admin) => admin.fetchTopicOffsets(topic));
      return offsets.map(({ partition, high }) => ({ partition, end: Number(high) }));
    },
    async close() {
      await replies.close();
      await sender.close();
    },
  };
}
