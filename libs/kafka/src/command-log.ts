import type { Kafka } from 'kafkajs';
import { CommandLog, type Message, partitionOfKey, type Subscription } from '#libs/messaging';
import { consume } from './consume.js';
import type { Sender } from './sender.js';
import { work } from './work.js';

/** Commands, queries and reports on Kafka topics. */
export class KafkaCommandLog extends CommandLog {
  constructor(
    private readonly kafka: () => Kafka,
    private readonly sender: Sender,
    private readonly partitionsOf: (topic: string) => number,
  ) {
    super();
  }

  send(topic: string, messages: readonly Message[]): Promise<void> {
    return this.sender.send(topic, messages);
  }

  consume(options: Parameters<CommandLog['consume']>[0]): Promise<Subscription> {
    return consume(this.kafka, options);
  }

  work({ start = 'earliest', ...options }: Parameters<CommandLog['work']>[0]): Promise<Subscription> {
    return work(this.kafka, { ...options, start });
  }

  partitionOf(topic: string, key: string): Promise<number> {
    return Promise.resolve(partitionOfKey(key, this.partitionsOf(topic)));
  }
}
