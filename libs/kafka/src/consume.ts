import type { Kafka } from 'kafkajs';
import type { CommandLog, Received, Subscription } from '#libs/messaging';
import { GroupReader } from './group-reader.js';

const MESSAGES_PER_CALL = 500;
const WAITING_MAX = 5_000;
const COMMIT_MS = 5_000;

/**
 * Reads as one of a group with positions kept by the caller: one call of `receive` at a time, with whatever has come
 * meanwhile in all partitions. Kafka is told the positions now and then, for dashboards only.
 */
export async function consume(
  kafka: () => Kafka,
  { topic, group, assigned, receive, failed }: Parameters<CommandLog['consume']>[0],
): Promise<Subscription> {
  let waiting: Received[] = [];
  let isOpen = true;
  let paused: number[] = [];
  let wake: () => void = () => undefined;
  const done = new Map<number, bigint>();

  const reader = new GroupReader(kafka, topic, group, {
    positions: assigned,
    take(messages) {
      waiting.push(...messages);
      if (waiting.length > WAITING_MAX && paused.length === 0) {
        paused = [...new Set(waiting.map(({ partition }) => partition))];
        reader.pause(paused);
      }
      wake();
    },
    drop() {
      waiting = [];
      paused = [];
      done.clear();
    },
    failed,
  });

  const run = async () => {
    while (isOpen) {
      const taken = waiting.splice(0, MESSAGES_PER_CALL);
      if (taken.length === 0) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      try {
        await receive(taken);
        for (const { partition, offset } of taken) {
          done.set(partition, offset + 1n);
          reader.worked(partition, offset + 1n);
        }
      } catch (error) {
        failed(error);
        await reader.startOver();
      }
      if (paused.length > 0 && waiting.length < WAITING_MAX / 2) reader.resume(paused.splice(0));
    }
  };

  const tell = () => reader.commit(done).catch(() => undefined);
  const timer = setInterval(() => void tell(), COMMIT_MS);
  timer.unref();
  const running = run();
  await reader.start();
  return {
    async close() {
      isOpen = false;
      clearInterval(timer);
      wake();
      const closing = reader.close();
      await running;
      await closing;
    },
  };
}
