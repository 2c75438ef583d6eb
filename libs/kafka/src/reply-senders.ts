import type { Kafka } from 'kafkajs';
import { type Outgoing, Sender } from './sender.js';

interface Known {
  sender: Promise<Sender>;
  usedAt: number;
}

/**
 * A sender for each address: kafkajs asks the brokers about all topics of a producer at once and fails for all when one
 * is gone, so that a gateway that ended would silence those that live.
 */
export class ReplySenders {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly kafka: Kafka,
    private readonly keptMs: number,
  ) {}

  async send(address: string, message: Outgoing): Promise<void> {
    const known = this.known.get(address) ?? this.connect(address);
    known.usedAt = Date.now();
    await (await known.sender).send(address, [message]);
  }

  async drop(address: string): Promise<void> {
    const known = this.known.get(address);
    this.known.delete(address);
    await known?.sender.then((sender) => sender.close()).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.known.keys()].map((address) => this.drop(address)));
  }

  private connect(address: string): Known {
    for (const [other, { usedAt }] of this.known) {
      if (Date.now() - usedAt > this.keptMs) void this.drop(other);
    }
    const sender = Sender.connect(this.kafka);
    sender.catch(() => this.known.delete(address));
    const known = { sender, usedAt: Date.now() };
    this.known.set(address, known);
    return known;
  }
}
