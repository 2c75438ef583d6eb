import type { Kafka } from 'kafkajs';
import type { Received, Subscription } from '#libs/messaging';
import { GroupReader } from './group-reader.js';
import { withAdmin } from './with-admin.js';

const MESSAGES_PER_CALL = 500;
const WAITING_MAX = 2_000;
const COMMIT_MS = 1_000;
const PAUSE_MS = { first: 50, max: 5_000 };
const NO_OFFSET = '-1';

export interface WorkOptions {
  topic: string;
  group: string;
  start: 'earliest' | 'latest';
  handle(messages: readonly Received[]): Promise<void>;
  failed(error: unknown): void;
}

interface Lane {
  partition: number;
  waiting: Received[];
  running: Promise<void> | undefined;
  isPaused: boolean;
  /** Where this process has got to; what comes again from below it has been handled. */
  done: bigint | undefined;
}

/** Reads as one of a group with positions kept by Kafka: at least once, each partition on its own. */
export async function work(kafka: () => Kafka, options: WorkOptions): Promise<Subscription> {
  const { topic, group, start, handle, failed } = options;
  const lanes = new Map<number, Lane>();
  const uncommitted = new Map<number, bigint>();
  let isOpen = true;
  let wake: () => void = () => undefined;

  const reader = new GroupReader(kafka, topic, group, {
    positions: async (partitions) => {
      const known = await keptPositions(kafka(), topic, group, partitions, start);
      for (const [partition, { done }] of lanes) {
        const kept = known.get(partition);
        if (kept !== undefined && done !== undefined && done > kept) known.set(partition, done);
      }
      // Also what was decided just now: a group that starts with the newest must not skip what comes before its first work.
      for (const [partition, position] of known) uncommitted.set(partition, position);
      return known;
    },
    take(messages) {
      for (const message of messages) laneOf(message.partition).waiting.push(message);
      for (const partition of new Set(messages.map((message) => message.partition))) begin(laneOf(partition));
    },
    drop() {
      uncommitted.clear();
      for (const lane of lanes.values()) {
        lane.waiting = [];
        lane.isPaused = false;
      }
    },
    failed,
  });

  const laneOf = (partition: number): Lane => {
    const known = lanes.get(partition);
    if (known !== undefined) return known;
    const lane: Lane = { partition, waiting: [], running: undefined, isPaused: false, done: undefined };
    lanes.set(partition, lane);
    return lane;
  };

  const begin = (lane: Lane) => {
    if (lane.waiting.length > WAITING_MAX && !lane.isPaused) {
      lane.isPaused = true;
      reader.pause([lane.partition]);
    }
    lane.running ??= run(lane).finally(() => (lane.running = undefined));
  };

  const run = async (lane: Lane) => {
    for (let pause = PAUSE_MS.first; isOpen && lane.waiting.length > 0;) {
      const taken = lane.waiting.slice(0, MESSAGES_PER_CALL);
      const end = (taken.at(-1)?.offset ?? 0n) + 1n;
      try {
        await handle(taken);
        pause = PAUSE_MS.first;
        lane.done = end;
        reader.worked(lane.partition, end);
        lane.waiting = lane.waiting.filter(({ offset }) => offset >= end);
        uncommitted.set(lane.partition, end);
      } catch (error) {
        failed(error);
        await Promise.race([
          new Promise((resolve) => setTimeout(resolve, pause)),
          new Promise<void>((resolve) => (wake = resolve)),
        ]);
        pause = Math.min(pause * 2, PAUSE_MS.max);
      }
      if (lane.isPaused && lane.waiting.length < WAITING_MAX / 2) {
        lane.isPaused = false;
        reader.resume([lane.partition]);
      }
    }
  };

  const commit = async () => {
    const positions = new Map(uncommitted);
    uncommitted.clear();
    try {
      await reader.commit(positions);
    } catch (error) {
      // Told again with the next ones; until then a new owner would do some work twice, which is allowed.
      for (const [partition, position] of positions) {
        if (!uncommitted.has(partition)) uncommitted.set(partition, position);
      }
      if (!isOpen) failed(error);
    }
  };
  const timer = setInterval(() => void commit(), COMMIT_MS);
  timer.unref();
  await reader.start();
  await commit();
  return {
    async close() {
      isOpen = false;
      clearInterval(timer);
      wake();
      for (const { running } of lanes.values()) await running;
      await commit();
      await reader.close();
    },
  };
}

/** What Kafka has kept for the group; where nothing is kept, the oldest or the newest, as the group wants to begin. */
async function keptPositions(
  kafka: Kafka,
  topic: string,
  groupId: string,
  partitions: readonly number[],
  start: 'earliest' | 'latest',
): Promise<Map<number, bigint>> {
  const [[kept], range] = await withAdmin(kafka, (admin) =>
    Promise.all([admin.fetchOffsets({ groupId, topics: [topic] }), admin.fetchTopicOffsets(topic)]),
  );
  const committed = new Map(kept?.partitions.map(({ partition, offset }) => [partition, offset]));
  return new Map(
    partitions.map((partition) => {
      const offset = committed.get(partition) ?? NO_OFFSET;
      if (offset !== NO_OFFSET) return [partition, BigInt(offset)];
      const at = range.find((one) => one.partition === partition);
      return [partition, BigInt((start === 'latest' ? at?.high : at?.low) ?? 0)];
    }),
  );
}
