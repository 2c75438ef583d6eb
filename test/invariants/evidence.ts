import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { publicEvent, topics } from '#libs/contracts';
import { eventually } from '#libs/testing';
import { mirrorFrom } from '../support/fold.js';
import { Scim } from '../support/scim.js';
import type { Evidence, Published, StoredEvent } from './check.js';
import type { History } from './history.js';
import type { Place } from './load.js';

const CATCH_UP_MS = 60_000;
const ORIGIN = 'http://roster.test';

/** Gathers what there is to know after a run: the store, the public topic once it has caught up, and SCIM's answers. */
export async function gather(
  where: { databaseUrl: string; brokers: string; gateway: number },
  places: readonly Place[],
  history: History,
): Promise<Evidence> {
  const stored = await readStore(where.databaseUrl);
  const published = await readTopic(where.brokers, stored.length);
  const seen = new Map<string, ReturnType<typeof mirrorFrom>>();
  for (const { directory, token } of places) {
    const scim = new Scim(`http://127.0.0.1:${where.gateway}/v2`, token);
    seen.set(directory, mirrorFrom(`${ORIGIN}/v2`, await scim.all('Users'), await scim.all('Groups')));
  }
  return { history, stored, published, seen };
}

async function readStore(databaseUrl: string): Promise<StoredEvent[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Omit<StoredEvent, 'position' | 'sequence'> & Record<string, unknown>>(
      `select id, partition, position::int, directory_id as directory, sequence::int, entity_id as "entityId", version,
              type, correlation_id as "correlationId" from directory.event order by partition, position`,
    );
    return rows as unknown as StoredEvent[];
  } finally {
    await client.end();
  }
}

/** Reads the whole topic, and a while longer than is expected, so that what is there too often is found as well. */
async function readTopic(brokers: string, expected: number): Promise<Published[]> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 200 });
  const published: Published[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: topics.directoryEvents.name, fromBeginning: true });
  await consumer.run({
    eachBatch: ({ batch }) => {
      for (const message of batch.messages) {
        const event = publicEvent.parse(JSON.parse(message.value?.toString() ?? ''));
        published.push({
          partition: batch.partition,
          offset: BigInt(message.offset),
          sentAt: Number(message.timestamp),
          event,
        });
      }
      return Promise.resolve();
    },
  });
  try {
    await eventually(() => published.length >= expected, { timeoutMs: CATCH_UP_MS }).catch(() => undefined);
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topics.directoryEvents.name);
    await admin.disconnect();
    // The last record of a partition is a commit mark, which is never handed over: one before the end is all there is.
    const read = (partition: number) =>
      published.reduce((top, one) => (one.partition === partition && one.offset > top ? one.offset : top), -1n);
    await eventually(() => ends.every(({ partition, high }) => read(partition) >= BigInt(high) - 2n), {
      timeoutMs: CATCH_UP_MS,
    }).catch(() => undefined);
  } finally {
    await consumer.disconnect();
  }
  return published.sort((left, right) => left.partition - right.partition || Number(left.offset - right.offset));
}
