import type { Subscription } from './message.js';

/** An answer: `value` is JSON text, `bytes` what goes with it and would be too much as JSON. */
export interface Reply {
  requestId: string;
  value: string;
  bytes?: Uint8Array;
}

/** The way back: each asking instance has an address of its own, on which only it hears. */
export abstract class ReplyChannel {
  /**
   * Opens the address of this instance (a name nobody else uses) and hears every reply that is sent to it, once each,
   * whole even when it travelled in chunks. Closing removes the address. Left-overs of dead instances are swept.
   */
  abstract listen(
    instance: string,
    hear: (reply: Reply) => void,
  ): Promise<Subscription & { address: string; lastHeardAt(): number }>;

  /** Sends answers, of any size. An address that nobody hears any more is not an error. */
  abstract reply(replies: readonly (Reply & { address: string })[]): Promise<void>;
}
