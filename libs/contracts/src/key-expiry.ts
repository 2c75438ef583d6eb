import { z } from 'zod';
import { envelope, type Envelope } from './envelope.js';

/** How many days ahead a credential's end is told; 0: it has come. */
export const EXPIRY_STEPS = [90, 30, 7, 1, 0] as const;
export type ExpiryStep = (typeof EXPIRY_STEPS)[number];

export const KEY_EXPIRY = 'keys.expiry';

/**
 * A credential ends soon, or has ended. Told once for each step, the nearest one only when several have passed, and only of
 * credentials that are in force or in use. The message's `id` is the same whenever the same step is told again; its `directory`
 * is null for a credential that reaches all directories.
 */
export const keyExpiry = z.object({
  credential: z.enum(['key', 'client-secret']),
  /** The public id of the key or of the secret. */
  id: z.string(),
  /** The name of the key, or of the client that the secret belongs to. */
  name: z.string(),
  /** The client's id when it is a client's secret. */
  client: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  daysLeft: z.literal(EXPIRY_STEPS),
  /** The key that has taken over, when this one was rotated and is used all the same. */
  successor: z.string().nullable(),
  /** When it was last used, to the minute; null: never, as far as is known. */
  lastUsedAt: z.iso.datetime().nullable(),
});
export type KeyExpiry = z.infer<typeof keyExpiry>;

const keyExpiryMessage = envelope(keyExpiry).extend({ type: z.literal(KEY_EXPIRY) });

/** Parses one message of `keys.notices`; throws a ZodError that names the place. */
export const parseKeyExpiry = (json: unknown): Envelope<KeyExpiry> => keyExpiryMessage.parse(json);
