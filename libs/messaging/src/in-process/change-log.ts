import { ChangeLog, type ChangeWriter } from '../change-log.js';
import type { Message, Received, Subscription } from '../message.js';
import { Log } from './log.js';

const MESSAGES_PER_CALL = 500;
const PAUSE_MS = 200;

type SubscribeOptions = Parameters<ChangeLog['subscribe']>[0];

/** The public log within one process. It keeps the newest for late readers; the event store has them all. */
export class InProcessChangeLog extends ChangeLog {
  private readonly logs = new Map<string, Log<Received>>();
  private readonly newest = new Map<string, Received>();
  private readonly writers = new Map<string, object>();

  open(topic: string, partition: number): Promise<ChangeWriter> {
    const place = `${topic}/${partition}`;
    const token = {};
    this.writers.set(place, token);
    return Promise.resolve({
      last: () => Promise.resolve(this.newest.get(place) ?? 'no longer kept'),
      append: (messages) => {
        if (this.writers.get(place) !== token) return Promise.reject(new Error('a newer writer has this partition'));
        this.append(topic, place, partition, messages);
        return Promise.resolve();
      },
      isWhole: () => Promise.resolve(true),
      close: () => {
        if (this.writers.get(place) === token) this.writers.delete(place);
        return Promise.resolve();
      },
    });
  }

  subscribe({ topic, group, start, handle, failed }: SubscribeOptions): Promise<Subscription> {
    const log = this.log(topic);
    log.join(group, start);
    let isOpen = true;
    const run = async () => {
      while (isOpen) {
        const taken = log.next(group, MESSAGES_PER_CALL);
        if (taken.length === 0) {
          await log.more(group);
          continue;
        }
        try {
          await handle(taken);
          log.advance(group, taken.length);
        } catch (error) {
          failed(error);
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
      }
    };
    const done = run();
    return Promise.resolve({
      close: async () => {
        isOpen = false;
        log.wake(group);
        await done;
      },
    });
  }

  private append(topic: string, place: string, partition: number, messages: readonly Message[]): void {
    let offset = (this.newest.get(place)?.offset ?? -1n) + 1n;
    const received = messages.map((message) => ({ ...message, partition, offset: offset++ }));
    const last = received.at(-1);
    if (last === undefined) return;
    this.newest.set(place, last);
    this.log(topic).append(received);
  }

  private log(topic: string): Log<Received> {
    const known = this.logs.get(topic);
    if (known !== undefined) return known;
    const log = new Log<Received>();
    this.logs.set(topic, log);
    return log;
  }
}
