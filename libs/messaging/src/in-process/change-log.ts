import { ChangeLog, type ChangeWriter } from '../change-log.js';
import type { Message, Received, Subscription } from '../message.js';

const KEPT_PER_PARTITION = 10_000;
const PAUSE_MS = 200;

type SubscribeOptions = Parameters<ChangeLog['subscribe']>[0];
interface Reader {
  topic: string;
  waiting: Received[];
  wake: () => void;
}

/** The public log within one process. It keeps the newest of each partition for late readers; the event store has them all. */
export class InProcessChangeLog extends ChangeLog {
  private readonly kept = new Map<string, Received[]>();
  private readonly writers = new Map<string, object>();
  private readonly readers = new Set<Reader>();

  open(topic: string, partition: number): Promise<ChangeWriter> {
    const place = `${topic}/${partition}`;
    const token = {};
    this.writers.set(place, token);
    const log = this.kept.get(place) ?? [];
    this.kept.set(place, log);
    return Promise.resolve({
      last: () => Promise.resolve(log.at(-1) ?? null),
      append: (messages) => {
        if (this.writers.get(place) !== token) return Promise.reject(new Error('a newer writer has this partition'));
        this.append(topic, partition, log, messages);
        return Promise.resolve();
      },
      close: () => {
        if (this.writers.get(place) === token) this.writers.delete(place);
        return Promise.resolve();
      },
    });
  }

  subscribe({ topic, start, handle, failed }: SubscribeOptions): Promise<Subscription> {
    const past = [...this.kept].filter(([place]) => place.startsWith(`${topic}/`)).flatMap(([, log]) => log);
    const reader: Reader = { topic, waiting: start === 'earliest' ? past : [], wake: () => undefined };
    this.readers.add(reader);
    let isOpen = true;
    const run = async () => {
      while (isOpen) {
        const taken = reader.waiting.splice(0);
        if (taken.length === 0) {
          await new Promise<void>((resolve) => (reader.wake = resolve));
          continue;
        }
        await handle(taken).catch(async (error: unknown) => {
          failed(error);
          reader.waiting.unshift(...taken);
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        });
      }
    };
    const done = run();
    return Promise.resolve({
      close: async () => {
        isOpen = false;
        this.readers.delete(reader);
        reader.wake();
        await done;
      },
    });
  }

  private append(topic: string, partition: number, log: Received[], messages: readonly Message[]): void {
    let offset = (log.at(-1)?.offset ?? -1n) + 1n;
    const received = messages.map((message) => ({ ...message, partition, offset: offset++ }));
    log.push(...received);
    log.splice(0, Math.max(0, log.length - KEPT_PER_PARTITION));
    for (const reader of this.readers) {
      if (reader.topic !== topic) continue;
      reader.waiting.push(...received);
      reader.wake();
    }
  }
}
