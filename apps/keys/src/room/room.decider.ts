import type { Actor } from '#libs/contracts';
import type { Decider } from '#libs/event-sourcing';

/** How many keys of one directory may live at a time, or of those that reach all directories. */
export interface LiveKeys {
  max: number | null;
}

export interface AllowKeys {
  do: 'allow';
  liveKeysMax: number;
  by: Actor;
  at: string;
}

// This name and shape sits in the event store for ever.
export interface KeysAllowed {
  type: 'KeysAllowed';
  data: { liveKeysMax: number; allowedAt: string; allowedBy: Actor };
}

/** Two, so that one can be rotated without a gap and none is forgotten; automation that reaches all has more hands. */
const MAX_DEFAULT = { directory: 2, all: 10 };

export const roomDecider: Decider<LiveKeys, AllowKeys, KeysAllowed> = {
  initial: { max: null },
  decide: ({ liveKeysMax, at, by }, { max }) =>
    liveKeysMax === max ? [] : [{ type: 'KeysAllowed', data: { liveKeysMax, allowedAt: at, allowedBy: by } }],
  evolve: (_, { data }) => ({ max: data.liveKeysMax }),
};

/** The number that holds: what was allowed, or the default. */
export const liveKeysMax = ({ max }: LiveKeys, directory: string | null): number =>
  max ?? (directory === null ? MAX_DEFAULT.all : MAX_DEFAULT.directory);
