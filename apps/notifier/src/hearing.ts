import type { Received, Subscription } from '#libs/messaging';
import { sentence } from '#libs/service';

interface Hands {
  handle(messages: readonly Received[]): Promise<void>;
  failed(error: unknown): void;
}

/** One topic that is listened to, and whether it can be worked on. */
export class Hearing {
  private subscription: Subscription | undefined;
  private failure: string | undefined;

  constructor(
    private readonly topic: string,
    private readonly log: { error(text: string): void },
  ) {}

  async begin(
    open: (hands: Hands) => Promise<Subscription>,
    handle: (messages: readonly Received[]) => Promise<void>,
  ): Promise<void> {
    this.subscription = await open({
      handle: (messages) => this.watched(() => handle(messages)),
      failed: (error) => this.log.error(`${this.topic}: ${sentence(error)}`),
    });
  }

  async end(): Promise<void> {
    await this.subscription?.close();
    this.subscription = undefined;
  }

  problems(): string[] {
    if (this.subscription === undefined) return [`${this.topic} is not being read yet`];
    return this.failure === undefined ? [] : [this.failure];
  }

  /** What a message says, or undefined for a broken one: that is told and passed over, since it will never be better. */
  read<Said>(message: Received, parse: (json: unknown) => Said): Said | undefined {
    try {
      return parse(JSON.parse(message.value));
    } catch (error) {
      const place = `partition ${message.partition}, offset ${message.offset.toString()}`;
      this.log.error(`a broken message of ${this.topic} is skipped (${place}): ${sentence(error)}`);
      return undefined;
    }
  }

  private async watched(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure = undefined;
    } catch (error) {
      this.failure = `${this.topic} cannot be worked on: ${sentence(error)}`;
      throw error;
    }
  }
}
