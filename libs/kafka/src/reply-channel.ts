import type { Kafka } from 'kafkajs';
import { ReplyChannel, type Subscription } from '#libs/messaging';
import { cut, cutBytes, Joiner, type Piece } from './chunks.js';
import type { KafkaLog } from './client.js';
import { type Fetched, PartitionReader } from './partition-reader.js';
import { patiently } from './patiently.js';
import { OF_BYTES } from './received.js';
import { ReplySenders } from './reply-senders.js';
import type { Outgoing } from './sender.js';
import { deleteTopics, sweepReplyTopics } from './sweep.js';
import { topicConfig, type TopicPlan } from './topics.js';
import { isUnknownTopic, withAdmin } from './with-admin.js';

const PREFIX = 'replies.';
const MINUTE_MS = 60_000;
const KEPT_MS = 5 * MINUTE_MS;
const SIGN_OF_LIFE = 'alive';
const NO_BYTES = new Uint8Array(0);

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
      for (const record of records) {
        const { key } = record.message;
        if (key === SIGN_OF_LIFE) continue;
        const joined = joiner.add(key, pieceIn(record));
        if (joined !== undefined) hear({ requestId: key, value: joined.text, bytes: joined.bytes });
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
    await Promise.all(
      replies.map(async ({ address, requestId, value, bytes = NO_BYTES }) => {
        // One piece after another, so that short answers get past a long one, and little of it is under way at once.
        for (const message of messagesOf(requestId, value, bytes)) await this.sendOne(address, message);
      }),
    );
  }

  close(): Promise<void> {
    return this.senders.close();
  }

  /** Whoever has gone, with its topic, does not wait for an answer any more. */
  private async sendOne(address: string, message: Outgoing): Promise<void> {
    try {
      await this.senders.send(address, message);
    } catch (error) {
      if (!isUnknownTopic(error)) throw error;
      await this.senders.drop(address);
    }
  }
}

/** An answer in as many messages as it needs, each made when its turn comes. */
function* messagesOf(key: string, text: string, bytes: Uint8Array): Generator<Outgoing> {
  const texts = cut(text);
  const parts = cutBytes(bytes);
  const chunks = String(texts.length + parts.length);
  for (const [at, value] of texts.entries()) {
    yield { key, value, headers: chunks === '1' ? undefined : { chunk: String(at), chunks } };
  }
  let offset = 0;
  for (const [at, value] of parts.entries()) {
    const headers = {
      chunk: String(texts.length + at),
      chunks,
      offset: String(offset),
      [OF_BYTES]: String(bytes.length),
    };
    yield { key, value, headers };
    offset += value.length;
  }
}

function pieceIn({ message, bytes }: Fetched['records'][number]): Piece {
  const { chunk = '0', chunks = '1', offset, [OF_BYTES]: length } = message.headers ?? {};
  const place = { index: Number(chunk), count: Number(chunks) };
  if (bytes === undefined) return { ...place, text: message.value };
  return { ...place, bytes, offset: Number(offset), length: Number(length) };
}
