import type { Kafka, PartitionerArgs, Producer } from 'kafkajs';
import { Hindrance, partitionOfKey } from '#libs/messaging';

const BATCH_BYTES_MAX = 900_000; // a broker takes 1 MiB in one record batch unless its topic says otherwise
const SEND_MS_MAX = 8_000;
const RECORD_OVERHEAD_BYTES = 100;
// A produce costs the broker, and whoever reads, far more than the records in it. The first one after a rest goes at once; under
// load a topic has one in this time, with all that came meanwhile.
const BETWEEN_SENDS_MS = 3;

const RETRY = { initialRetryTime: 20, maxRetryTime: 1_000, retries: 8 };

/** What is sent: `null` as value deletes the key from a compacted topic. */
export interface Outgoing {
  key: string;
  value: string | Buffer | null;
  headers?: Record<string, string>;
}

interface Entry {
  messages: Outgoing[];
  bytes: number;
  resolve(): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

interface Line {
  waiting: Entry[];
  isRunning: boolean;
}

/** Sends durably (acks from all), one produce in flight for each topic; what piles up meanwhile goes with the next one. */
export class Sender {
  private readonly lines = new Map<string, Line>();

  private constructor(private readonly producer: Producer) {}

  static async connect(kafka: Kafka): Promise<Sender> {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      retry: RETRY,
      createPartitioner,
    });
    await producer.connect();
    return new Sender(producer);
  }

  /** Resolves when all of it is in the log. Throws Hindrance when that cannot be said within 8 s. */
  async send(topic: string, messages: readonly Outgoing[]): Promise<void> {
    const line = this.lines.get(topic) ?? { waiting: [], isRunning: false };
    this.lines.set(topic, line);
    await Promise.all(parts(messages).map((part) => this.queue(topic, line, part)));
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  private queue(topic: string, line: Line, { messages, bytes }: Pick<Entry, 'messages' | 'bytes'>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.waiting = line.waiting.filter((other) => other !== entry);
        reject(new Hindrance(`Kafka has not confirmed a message on ${topic} within ${SEND_MS_MAX / 1_000} seconds`));
      }, SEND_MS_MAX);
      const entry: Entry = { messages, bytes, resolve, reject, timer };
      line.waiting.push(entry);
      if (line.isRunning) return;
      line.isRunning = true;
      // What else this turn of the event loop sends goes along.
      setImmediate(() => void this.run(topic, line));
    });
  }

  private async run(topic: string, line: Line): Promise<void> {
    while (line.waiting.length > 0) {
      const began = performance.now();
      const entries = takeSome(line);
      try {
        const messages = entries.flatMap((entry) => entry.messages);
        await this.producer.send({ topic, messages, acks: -1 });
        for (const { resolve } of entries) resolve();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        for (const { reject } of entries) {
          reject(new Hindrance(`Kafka did not take a message on ${topic}: ${why}`, { cause: error }));
        }
      }
      for (const { timer } of entries) clearTimeout(timer);
      const rest = began + BETWEEN_SENDS_MS - performance.now();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    line.isRunning = false;
  }
}

function takeSome(line: Line): Entry[] {
  let bytes = 0;
  let count = 0;
  for (const entry of line.waiting) {
    bytes += entry.bytes;
    if (count > 0 && bytes > BATCH_BYTES_MAX) break;
    count += 1;
  }
  return line.waiting.splice(0, count);
}

/** Cuts a long list, because one record batch has a largest size. */
function parts(messages: readonly Outgoing[]): { messages: Outgoing[]; bytes: number }[] {
  const all: { messages: Outgoing[]; bytes: number }[] = [];
  for (const message of messages) {
    const bytes = message.key.length + sizeOf(message.value);
    const part = all.at(-1);
    if (part === undefined || part.bytes + bytes > BATCH_BYTES_MAX) all.push({ messages: [message], bytes });
    else {
      part.messages.push(message);
      part.bytes += bytes;
    }
  }
  return all;
}

function sizeOf(value: Outgoing['value']): number {
  return RECORD_OVERHEAD_BYTES + (value === null ? 0 : Buffer.byteLength(value));
}

/** Neighbours have the same key as a rule. */
function createPartitioner() {
  let last = { key: '', partitions: 0, partition: 0 };
  return ({ message, partitionMetadata: { length } }: PartitionerArgs) => {
    const key = String(message.key);
    if (last.key !== key || last.partitions !== length) {
      last = { key, partitions: length, partition: partitionOfKey(key, length) };
    }
    return last.partition;
  };
}
