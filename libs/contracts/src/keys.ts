import { z } from 'zod';
import { type Request, request } from './envelope.js';
import { hindered, refused } from './refusal.js';

export const keyScope = z.enum(['scim:read', 'scim:write', 'events:read']);
export type KeyScope = z.infer<typeof keyScope>;

/**
 * What can be asked of the key service. A new key's secret is sealed to `sealTo`, a public JWK (ECDH-ES) that only the
 * asker can open, so that no topic, log or table ever holds it in clear. `expiresInDays: null` means never.
 */
export const keyCommand = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('issue-key'),
    id: z.string(),
    name: z.string(),
    scopes: z.array(keyScope).min(1),
    expiresInDays: z.number().int().min(1).nullable(),
    sealTo: z.record(z.string(), z.unknown()),
  }),
  z.object({ do: z.literal('list-keys') }),
  z.object({ do: z.literal('revoke-key'), id: z.string() }),
]);
export type KeyCommand = z.infer<typeof keyCommand>;

const keyRequest = request(keyCommand);
export type KeyCommandRequest = Request<KeyCommand>;

/** Parses one message of `keys.commands`; throws a ZodError that names the place. */
export const parseKeyCommand = (json: unknown): KeyCommandRequest => keyRequest.parse(json);

/** A key as people may see it: never its secret, never its hash. */
export const keySummary = z.object({
  id: z.string(),
  directory: z.uuid(),
  name: z.string(),
  scopes: z.array(keyScope),
  status: z.enum(['live', 'revoked', 'expired']),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type KeySummary = z.infer<typeof keySummary>;

export const keyReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('issued'), key: keySummary, sealedSecret: z.string() }),
  z.object({ outcome: z.literal('keys'), keys: z.array(keySummary) }),
  z.object({ outcome: z.literal('revoked'), key: keySummary }),
  refused,
  hindered,
]);
export type KeyReply = z.infer<typeof keyReply>;

/** One entry of `keys.state`, by key id: all that a gateway needs to check a secret without asking anybody. */
export const keyState = z.object({
  id: z.string(),
  directory: z.uuid(),
  secretSha256: z.string(), // hex
  scopes: z.array(keyScope),
  expiresAt: z.string().nullable(),
  status: z.enum(['live', 'revoked']),
  version: z.number().int(),
});
export type KeyState = z.infer<typeof keyState>;
