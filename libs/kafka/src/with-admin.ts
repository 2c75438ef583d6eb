import type { Admin, Kafka } from 'kafkajs';
import { patiently } from './patiently.js';

/**
 * Does something as an administrator of the brokers, patiently, over a connection of its own: kafkajs remembers every topic that
 * an admin has touched, and one that was deleted since would spoil whatever comes later on the same connection.
 */
export function withAdmin<T>(kafka: Kafka, act: (admin: Admin) => Promise<T>, forMs?: number): Promise<T> {
  return patiently(() => withAdminOnce(kafka, act), { forMs });
}

/** The same without a second attempt. */
export async function withAdminOnce<T>(kafka: Kafka, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Was this error about a topic that does not exist (any more)? kafkajs wraps the answer, sometimes twice. */
export function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  return isUnknownTopic(error.cause);
}
