import { randomUUID } from 'node:crypto';
import type { Actor, Request } from '#libs/contracts';
import type { CommandLog, ReplyChannel, Subscription } from '#libs/messaging';

const ANSWER_MS_MAX = 15_000;

/** A question to a service: on which topic, in which directory, and what. */
export interface Question {
  topic: string;
  type: string;
  directory: string | null;
  data: unknown;
}

/** How the command line reaches the services, whatever lies between. The answer is the reply's JSON, not yet parsed. */
export abstract class Services {
  abstract ask(question: Question): Promise<unknown>;
  abstract close(): Promise<void>;
}

/** Nobody answered in time: the services are not there, or cannot do their work. */
export class NoAnswer extends Error {
  constructor(topic: string) {
    super(`No service answered on ${topic} within ${ANSWER_MS_MAX / 1000} seconds; is Roster running and healthy?`);
    this.name = 'NoAnswer';
  }
}

/** Asks over the bus, with an address of its own for the answers. */
export class BusClient extends Services {
  private readonly waiting = new Map<string, (value: string) => void>();
  private channel: (Subscription & { address: string }) | undefined;

  constructor(
    private readonly commands: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly actor: Actor,
  ) {
    super();
  }

  async open(): Promise<void> {
    this.channel = await this.replies.listen(`roster-${randomUUID()}`, ({ requestId, value }) => {
      this.waiting.get(requestId)?.(value);
    });
  }

  async ask({ topic, type, directory, data }: Question): Promise<unknown> {
    if (this.channel === undefined) throw new Error('the way back is not open yet');
    const id = randomUUID();
    const now = Date.now();
    const request: Request = {
      id,
      type,
      schemaVersion: 1,
      time: new Date(now).toISOString(),
      correlationId: id,
      causationId: null,
      actor: this.actor,
      directory,
      data,
      replyTo: this.channel.address,
      deadline: new Date(now + ANSWER_MS_MAX).toISOString(),
    };
    const answer = new Promise<string>((resolve, reject) => {
      this.waiting.set(id, resolve);
      setTimeout(() => reject(new NoAnswer(topic)), ANSWER_MS_MAX).unref();
    });
    try {
      await this.commands.send(topic, [{ key: directory ?? id, value: JSON.stringify(request) }]);
      return JSON.parse(await answer) as unknown;
    } finally {
      this.waiting.delete(id);
    }
  }

  async close(): Promise<void> {
    await this.channel?.close();
  }
}
