import type { Subscription } from './message.js';

/** The way back: each asking instance has an address of its own, on which only it hears. */
export abstract class ReplyChannel {
  /**
   * Opens the address of this instance (a name nobody else uses) and hears every reply that is sent to it, once each,
   * whole even when it travelled in chunks. Closing removes the address. Left-overs of dead instances are swept.
   */
  abstract listen(
    instance: string,
    hear: (reply: { requestId: string; value: string }) => void,
  ): Promise<Subscription & { address: string; lastHeardAt(): number }>;

  /** Sends answers, of any size. An address that nobody hears any more is not an error. */
  abstract reply(replies: readonly { address: string; requestId: string; value: string }[]): Promise<void>;
}
