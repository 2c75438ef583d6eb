import { z } from 'zod';
import { clientCommands, clientReplies } from './clients.js';
import { actor, type Request, request } from './envelope.js';
import { expiresInDays, keyScope, lastUse, sealTo } from './key-parts.js';
import { hindered, refused } from './refusal.js';

/** How long the old key goes on after a rotation. */
export const rotationGrace = z.enum(['now', '1h', '24h', '7d']);
export type RotationGrace = z.infer<typeof rotationGrace>;

const requestsPerSecond = z.number().int().min(1).max(10_000);

/**
 * What can be asked of the key service. A new key's secret is sealed to `sealTo`, a public JWK (ECDH-ES) that only the
 * asker can open, so that no topic, log or table ever holds it in clear. `expiresInDays: null` means never.
 * The envelope's `directory` is the one that the key belongs to; null for admin keys, which reach all directories. Such a key
 * is made only when `reach: 'all'` says so, lest a forgotten directory make one.
 */
export const keyCommand = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('issue-key'),
    id: z.string(),
    name: z.string(),
    scopes: z.array(keyScope).min(1),
    expiresInDays,
    sealTo,
    /** A limit of its own, in place of the directory's. */
    requestsPerSecond: requestsPerSecond.optional(),
    reach: z.literal('all').optional(),
  }),
  z.object({ do: z.literal('list-keys'), reach: z.literal('all').optional() }),
  z.object({ do: z.literal('show-key'), id: z.string() }),
  z.object({ do: z.literal('revoke-key'), id: z.string() }),
  z.object({ do: z.literal('disable-key'), id: z.string() }),
  z.object({ do: z.literal('enable-key'), id: z.string() }),
  /** The old key's end and the new key in one decision. A life left out is the old one's. */
  z.object({
    do: z.literal('rotate-key'),
    id: z.string(),
    successor: z.string(),
    grace: rotationGrace,
    expiresInDays: expiresInDays.optional(),
    sealTo,
  }),
  /** null: the directory's limit again. */
  z.object({ do: z.literal('limit-key'), id: z.string(), requestsPerSecond: requestsPerSecond.nullable() }),
  z.object({ do: z.literal('allow-keys'), liveKeysMax: z.number().int().min(1).max(1_000) }),
  ...clientCommands,
]);
export type KeyCommand = z.infer<typeof keyCommand>;

const keyRequest = request(keyCommand);
export type KeyCommandRequest = Request<KeyCommand>;

/** Parses one message of `keys.commands`; throws a ZodError that names the place. */
export const parseKeyCommand = (json: unknown): KeyCommandRequest => keyRequest.parse(json);

/** A key as people may see it: never its secret, never its hash. `directory: null` reaches all directories. */
export const keySummary = z.object({
  id: z.string(),
  directory: z.uuid().nullable(),
  name: z.string(),
  scopes: z.array(keyScope),
  status: z.enum(['live', 'disabled', 'revoked', 'expired']),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  disabledAt: z.string().nullable().default(null),
  /** The key that took over from this one, and the one that this took over from. */
  successor: z.string().nullable().default(null),
  predecessor: z.string().nullable().default(null),
  requestsPerSecond: z.number().nullable().default(null),
  lastUsed: lastUse.nullable().default(null),
});
export type KeySummary = z.infer<typeof keySummary>;

/** One thing that was done to a key. */
export const keyDeed = z.object({ what: z.string(), at: z.string(), by: actor });
export type KeyDeed = z.infer<typeof keyDeed>;

export const keyReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('issued'), key: keySummary, sealedSecret: z.string() }),
  z.object({ outcome: z.literal('rotated'), key: keySummary, sealedSecret: z.string(), old: keySummary }),
  z.object({ outcome: z.literal('keys'), keys: z.array(keySummary) }),
  z.object({ outcome: z.literal('key'), key: keySummary, history: z.array(keyDeed) }),
  z.object({ outcome: z.literal('revoked'), key: keySummary }),
  z.object({ outcome: z.literal('changed'), key: keySummary }),
  z.object({ outcome: z.literal('allowed'), liveKeysMax: z.number() }),
  ...clientReplies,
  refused,
  hindered,
]);
export type KeyReply = z.infer<typeof keyReply>;

/** One entry of `keys.state`, by key id: all that a gateway needs to check a secret without asking anybody. */
export const keyState = z.object({
  id: z.string(),
  directory: z.uuid().nullable(),
  secretSha256: z.string(), // hex
  scopes: z.array(keyScope),
  expiresAt: z.string().nullable(),
  status: z.enum(['live', 'disabled', 'revoked']),
  requestsPerSecond: z.number().nullable().optional(),
  version: z.number().int(),
});
export type KeyState = z.infer<typeof keyState>;
