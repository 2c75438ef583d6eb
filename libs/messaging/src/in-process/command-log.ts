import { CommandLog } from '../command-log.js';
import type { Message, Received, Subscription } from '../message.js';
import { partitionOfKey } from '../partition.js';

const MESSAGES_PER_CALL = 500;
const PAUSE_MS = { first: 50, max: 2_000 };

interface Queue {
  waiting: { message: Message; partition: number }[];
  wake: () => void;
}

type ConsumeOptions = Parameters<CommandLog['consume']>[0];
type WorkOptions = Parameters<CommandLog['work']>[0];

/**
 * The command log of one process: nothing outlives it, so offsets are numbered from where the consumer says it stands.
 * Messages sent before anybody reads them wait.
 */
export class InProcessCommandLog extends CommandLog {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly partitions: number) {
    super();
  }

  send(topic: string, messages: readonly Message[]): Promise<void> {
    const queue = this.queue(topic);
    for (const message of messages) {
      queue.waiting.push({ message, partition: partitionOfKey(message.key, this.partitions) });
    }
    queue.wake();
    return Promise.resolve();
  }

  partitionOf(_topic: string, key: string): Promise<number> {
    return Promise.resolve(partitionOfKey(key, this.partitions));
  }

  async consume({ topic, assigned, receive, failed }: ConsumeOptions): Promise<Subscription> {
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    let next = new Map<number, bigint>();
    const assign = async () => {
      const given = await assigned(all);
      next = new Map(all.map((partition) => [partition, given.get(partition) ?? 0n]));
    };
    await assign();
    return this.read(topic, failed, {
      deliver: async (taken) => {
        await receive(numbered(taken, new Map(next)));
        for (const { partition } of taken) next.set(partition, (next.get(partition) ?? 0n) + 1n);
      },
      recover: assign,
    });
  }

  work({ topic, handle, failed }: WorkOptions): Promise<Subscription> {
    const next = new Map<number, bigint>();
    return Promise.resolve(
      this.read(topic, failed, {
        deliver: async (taken) => {
          await handle(numbered(taken, new Map(next)));
          for (const { partition } of taken) next.set(partition, (next.get(partition) ?? 0n) + 1n);
        },
        recover: () => Promise.resolve(),
      }),
    );
  }

  /** One reader: takes what has queued up, hands it over, and on an error hands the same over again. */
  private read(
    topic: string,
    failed: (error: unknown) => void,
    hands: { deliver(taken: Queue['waiting']): Promise<void>; recover(): Promise<void> },
  ): Subscription {
    const queue = this.queue(topic);
    let isOpen = true;
    const run = async () => {
      let pause = PAUSE_MS.first;
      while (isOpen) {
        const taken = queue.waiting.splice(0, MESSAGES_PER_CALL);
        if (taken.length === 0) {
          await new Promise<void>((resolve) => (queue.wake = resolve));
          continue;
        }
        try {
          await hands.deliver(taken);
          pause = PAUSE_MS.first;
        } catch (error) {
          failed(error);
          queue.waiting.unshift(...taken);
          await new Promise((resolve) => setTimeout(resolve, pause));
          pause = Math.min(pause * 2, PAUSE_MS.max);
          await hands.recover().catch(failed);
        }
      }
    };
    const done = run();
    return {
      close: async () => {
        isOpen = false;
        queue.wake();
        await done;
      },
    };
  }

  private queue(topic: string): Queue {
    const known = this.queues.get(topic);
    if (known !== undefined) return known;
    const queue: Queue = { waiting: [], wake: () => undefined };
    this.queues.set(topic, queue);
    return queue;
  }
}

function numbered(taken: Queue['waiting'], next: Map<number, bigint>): Received[] {
  return taken.map(({ message, partition }) => {
    const offset = next.get(partition) ?? 0n;
    next.set(partition, offset + 1n);
    return { ...message, partition, offset };
  });
}
