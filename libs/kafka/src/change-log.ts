import type { Kafka } from 'kafkajs';
import { ChangeLog, type ChangeWriter, type Subscription } from '#libs/messaging';
import { openChangeWriter } from './change-writer.js';
import { work } from './work.js';

/** The public log of changes on Kafka: one transactional writer for each partition, readers that see what is committed. */
export class KafkaChangeLog extends ChangeLog {
  constructor(private readonly kafka: () => Kafka) {
    super();
  }

  open(topic: string, partition: number): Promise<ChangeWriter> {
    return openChangeWriter(this.kafka(), topic, partition);
  }

  subscribe(options: Parameters<ChangeLog['subscribe']>[0]): Promise<Subscription> {
    return work(this.kafka, options);
  }
}
