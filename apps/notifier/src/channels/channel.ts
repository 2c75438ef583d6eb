import type { Notice } from '../telling/notice.js';

/** One notice on its way to one address. The same `messageId` every time it is tried. */
export interface Delivery {
  messageId: string;
  notice: Notice;
  address: string;
  madeAt: Date;
}

/** One way of telling people. Add a channel: one file here, one line in the module, its name in CHANNELS. */
export interface Channel {
  readonly name: ChannelName;
  /** Are incidents that come up together told together? */
  readonly isBundled: boolean;
  /** How many notices of a directory an hour at most. */
  readonly perHourMax: number;
  /** Resolves when the far side has taken the notice; throws to have it tried again later. */
  send(delivery: Delivery): Promise<void>;
}

export const CHANNELS = ['mail', 'webhook'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** All ways of telling people. */
export abstract class Channels {
  abstract readonly all: readonly Channel[];
}

/** The far side says that this address will never take anything. */
export class AddressRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AddressRefused';
  }
}
