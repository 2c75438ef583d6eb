import { CommandLog } from '../command-log.js';
import type { Message, Received, Subscription } from '../message.js';
import { partitionOfKey } from '../partition.js';
import { Log } from './log.js';

const MESSAGES_PER_CALL = 500;
const PAUSE_MS = { first: 50, max: 2_000 };

type ConsumeOptions = Parameters<CommandLog['consume']>[0];
type WorkOptions = Parameters<CommandLog['work']>[0];
type Taken = readonly { message: Message; partition: number }[];

/** The command log of one process. Nothing outlives it, so offsets are numbered from where the consumer says it stands. */
export class InProcessCommandLog extends CommandLog {
  private readonly logs = new Map<string, Log<{ message: Message; partition: number }>>();

  constructor(private readonly partitions: number) {
    super();
  }

  send(topic: string, messages: readonly Message[]): Promise<void> {
    const placed = messages.map((message) => ({ message, partition: partitionOfKey(message.key, this.partitions) }));
    this.log(topic).append(placed);
    return Promise.resolve();
  }

  partitionOf(_topic: string, key: string): Promise<number> {
    return Promise.resolve(partitionOfKey(key, this.partitions));
  }

  async consume({ topic, group, assigned, receive, failed }: ConsumeOptions): Promise<Subscription> {
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    let next = new Map<number, bigint>();
    const assign = async () => {
      const given = await assigned(all);
      next = new Map(all.map((partition) => [partition, given.get(partition) ?? 0n]));
    };
    await assign();
    return this.read(this.log(topic), { group, start: 'earliest', failed }, next, {
      deliver: receive,
      recover: assign,
    });
  }

  work({ topic, group, start = 'earliest', handle, failed }: WorkOptions): Promise<Subscription> {
    const recover = () => Promise.resolve();
    return Promise.resolve(
      this.read(this.log(topic), { group, start, failed }, new Map(), { deliver: handle, recover }),
    );
  }

  /** One reader: takes what has come, hands it over, and on an error hands the same over again. */
  private read(
    log: Log<Taken[number]>,
    { group, start, failed }: { group: string; start: 'earliest' | 'latest'; failed(error: unknown): void },
    next: Map<number, bigint>,
    hands: { deliver(messages: readonly Received[]): Promise<void>; recover(): Promise<void> },
  ): Subscription {
    let isOpen = true;
    log.join(group, start);
    const run = async () => {
      let pause = PAUSE_MS.first;
      while (isOpen) {
        const taken = log.next(group, MESSAGES_PER_CALL);
        if (taken.length === 0) {
          await log.more(group);
          continue;
        }
        try {
          await hands.deliver(numbered(taken, new Map(next)));
          for (const { partition } of taken) next.set(partition, (next.get(partition) ?? 0n) + 1n);
          log.advance(group, taken.length);
          pause = PAUSE_MS.first;
        } catch (error) {
          failed(error);
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
        log.wake(group);
        await done;
      },
    };
  }

  private log(topic: string): Log<Taken[number]> {
    const known = this.logs.get(topic);
    if (known !== undefined) return known;
    const log = new Log<Taken[number]>();
    this.logs.set(topic, log);
    return log;
  }
}

function numbered(taken: Taken, next: Map<number, bigint>): Received[] {
  return taken.map(({ message, partition }) => {
    const offset = next.get(partition) ?? 0n;
    next.set(partition, offset + 1n);
    return { ...message, partition, offset };
  });
}
