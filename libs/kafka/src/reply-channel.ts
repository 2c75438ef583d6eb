import type { Kafka } from 'kafkajs';
import { ReplyChannel, type Subscription } from '#libs/messaging';
import { cut, Joiner } from './chunks.js';
import type { KafkaLog } from './client.js';
import { PartitionReader } from './partition-reader.js';
import { patiently } from './patiently.js';
import { ReplySenders } from './reply-senders.js';
import { deleteTopics, sweepReplyTopics } from './sweep.js';
import { topicConfig, type TopicPlan } from './topics.js';
import { isUnknownTopic, withAdmin } from './with-admin.js';

const PREFIX = 'replies.';
const MINUTE_MS = 60_000;
const KEPT_MS = 5 * MINUTE_MS;
const SIGN_OF_LIFE = 'alive';

type Hear = Parameters<ReplyChannel['listen']>[1];

/** Answers over a topic for each listener: one partition, one reader, no consumer group. */
export class KafkaReplyChannel extends ReplyChannel {
  private readonly senders: ReplySenders;

  constructor(
    private readonly kafka: Kafka,
    private readonly log: KafkaLog,
  ) {
    super();
    this.senders = new ReplySenders(kafka, KEPT_MS);
  }

  async listen(instance: string, hear: Hear): Promise<Subscription & { address: string; lastHeardAt(): number }> {
    const address = `${PREFIX}${instance}`;
    const plan: TopicPlan = { name: address, partitions: 1, retentionMs: KEPT_MS };
    // One copy is enough: an answer that is lost is asked for again.
    await withAdmin(this.kafka, (admin) =>
      admin.createTopics({ waitForLeaders: true, topics: [topicConfig(plan, 1, 1)] }),
    );
    // Written before anything else, and then every minute: by it others see that somebody still listens here.
    const live = () => this.senders.send(address, { key: SIGN_OF_LIFE, value: '' });
    await patiently(live);
    const reader = await PartitionReader.connect(this.kafka, address, 0);
    const joiner = new Joiner(() => Date.now(), KEPT_MS);
    reader.follow(0n, ({ records }) => {
      for (const { message } of records) {
        if (message.key === SIGN_OF_LIFE) continue;
        const { chunk = '0', chunks = '1' } = message.headers ?? {};
        const value = joiner.add(message.key, Number(chunk), Number(chunks), message.value);
        if (value !== undefined) hear({ requestId: message.key, value });
      }
    });
    const heartbeat = setInterval(() => {
      live().catch((error: unknown) => this.log('debug', `no sign of life on ${address}: ${String(error)}`));
    }, MINUTE_MS);
    heartbeat.unref();
    sweepReplyTopics(this.kafka, PREFIX, address).catch((error: unknown) => {
      this.log('debug', `left-over reply topics could not be looked for: ${String(error)}`);
    });
    return {
      address,
      lastHeardAt: () => reader.lastHeardAt(),
      close: async () => {
        clearInterval(heartbeat);
        await reader.close();
        await this.senders.drop(address);
        await deleteTopics(this.kafka, [address]);
      },
    };
  }

  async reply(replies: Parameters<ReplyChannel['reply']>[0]): Promise<void> {
    const sent = replies.flatMap(({ address, requestId, value }) => {
      const pieces = cut(value);
      return pieces.map((piece, chunk) => {
        const headers = pieces.length > 1 ? { chunk: String(chunk), chunks: String(pieces.length) } : undefined;
        return this.sendOne(address, { key: requestId, value: piece, headers });
      });
    });
    await Promise.all(sent);
  }

  close(): Promise<void> {
    return this.senders.close();
  }

  /** Whoever has gone, with its topic, does not wait for an answer any more. */
  private async sendOne(address: string, message: Parameters<ReplySenders['send']>[1]): Promise<void> {
    try {
      await this.senders.send(address, message);
    } catch (error) {
      if (!isUnknownTopic(error)) throw error;
      await this.senders.drop(address);
    }
  }
}
