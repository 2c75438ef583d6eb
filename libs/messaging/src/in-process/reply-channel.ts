import type { Subscription } from '../message.js';
import { ReplyChannel } from '../reply-channel.js';

type Hear = Parameters<ReplyChannel['listen']>[1];

/** Answers within one process: an address is a name, and nothing can get lost on the way. */
export class InProcessReplyChannel extends ReplyChannel {
  private readonly listeners = new Map<string, Hear>();

  constructor(private readonly now: () => number) {
    super();
  }

  listen(instance: string, hear: Hear): Promise<Subscription & { address: string; lastHeardAt(): number }> {
    this.listeners.set(instance, hear);
    return Promise.resolve({
      address: instance,
      lastHeardAt: this.now,
      close: () => {
        this.listeners.delete(instance);
        return Promise.resolve();
      },
    });
  }

  reply(replies: Parameters<ReplyChannel['reply']>[0]): Promise<void> {
    for (const { address, ...reply } of replies) this.listeners.get(address)?.(reply);
    return Promise.resolve();
  }
}
