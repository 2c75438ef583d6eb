import { Kafka, logLevel } from 'kafkajs';
import { topics } from '#libs/contracts';
import type { SubscribeOptions, Subscription } from './options.js';
import { Reader } from './reader.js';
import { repairRequestQueue } from './request-queue.js';

const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 };

/**
 * Follows the changes of all directories, or of one: each event once and in order as long as the process lives, and again
 * from the last commit after a crash. Only what has been committed on the topic is seen. Stops with an error, before it
 * hands over anything more, when an event is missing (docs/events.md). Rejects when Kafka cannot be reached.
 */
export async function subscribe(options: SubscribeOptions): Promise<Subscription> {
  repairRequestQueue();
  const { brokers, ssl, sasl, groupId } = options;
  // A client for each consumer: kafkajs shares what it remembers of offsets among the consumers of one client.
  const kafka = () => new Kafka({ brokers, ssl, sasl, clientId: groupId, logLevel: logLevel.NOTHING, retry: RETRY });
  const reader = new Reader(kafka, {
    topic: topics.directoryEvents.name,
    failed: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    unknownTypes: 'stop',
    ...options,
  });
  await reader.start();
  return { ended: reader.ended, close: () => reader.close() };
}
