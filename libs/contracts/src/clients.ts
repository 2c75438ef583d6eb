import { z } from 'zod';
import { expiresInDays, keyScope, lastUse, sealTo } from './key-parts.js';

/** Shortest and longest life of an access token, and what it is unless told otherwise, in seconds. */
export const TOKEN_LIFE_S = { min: 3_600, max: 6 * 3_600, normally: 3_600 };

/** Whose assertions are taken in place of a secret (RFC 7523): the issuer, what it calls the client, and whom it speaks to. */
export const federation = z.object({
  issuer: z.string().min(1).max(500),
  subject: z.string().min(1).max(500),
  audience: z.string().min(1).max(500),
  /** Where the issuer's keys are; found through its metadata unless given. */
  jwksUri: z.url().max(500).optional(),
});
export type Federation = z.infer<typeof federation>;

const id = z.string();
const newSecret = z.object({ id: z.string(), expiresInDays, sealTo });

/** What can be asked about OAuth clients, beside keys: they are another way to the same rights. */
export const clientCommands = [
  z.object({
    do: z.literal('register-client'),
    id,
    name: z.string(),
    scopes: z.array(keyScope).min(1),
    tokenLifeS: z.number().int().min(TOKEN_LIFE_S.min).max(TOKEN_LIFE_S.max).optional(),
    reach: z.literal('all').optional(),
    secret: newSecret.optional(),
    federation: federation.optional(),
  }),
  z.object({ do: z.literal('list-clients'), reach: z.literal('all').optional() }),
  z.object({ do: z.literal('add-client-secret'), id, secret: newSecret }),
  z.object({ do: z.literal('revoke-client-secret'), id, secretId: z.string() }),
  z.object({ do: z.literal('revoke-client'), id }),
  /** Asked by gateways, which have checked secret or assertion themselves: neither travels further. */
  z.object({
    do: z.literal('issue-token'),
    id,
    /** null: all that the client may. */
    scopes: z.array(z.string()).nullable(),
    issuer: z.string(),
    audience: z.string(),
    proof: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('secret'), secretId: z.string(), sha256: z.string() }),
      z.object({ kind: z.literal('assertion'), sha256: z.string(), expiresAt: z.iso.datetime() }),
    ]),
    sealTo,
  }),
  /** A gateway has met a key of an issuer that it does not know. */
  z.object({ do: z.literal('renew-key-set'), id }),
] as const;

export const clientSecretSummary = z.object({
  id: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  status: z.enum(['live', 'revoked', 'expired']),
});

/** A client as people may see it. `directory: null` reaches all directories. */
export const clientSummary = z.object({
  id,
  directory: z.uuid().nullable(),
  name: z.string(),
  scopes: z.array(keyScope),
  status: z.enum(['live', 'revoked']),
  tokenLifeS: z.number(),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
  secrets: z.array(clientSecretSummary),
  federation: federation.nullable(),
  lastUsed: lastUse.nullable(),
});
export type ClientSummary = z.infer<typeof clientSummary>;

/** Why no token was issued: RFC 6749 §5.2's word, and a text for people. */
export const noToken = z.object({
  outcome: z.literal('no-token'),
  error: z.enum(['invalid_client', 'invalid_scope']),
  text: z.string(),
});

export const clientReplies = [
  z.object({ outcome: z.literal('client'), client: clientSummary, sealedSecret: z.string().optional() }),
  z.object({ outcome: z.literal('clients'), clients: z.array(clientSummary) }),
  z.object({
    outcome: z.literal('token'),
    sealedToken: z.string(),
    expiresInS: z.number().int(),
    scopes: z.array(keyScope),
  }),
  z.object({ outcome: z.literal('key-set') }),
  noToken,
] as const;

/** What an entry of `keys.state` is about, told by the beginning of its key; a key's own has none of these. */
export const STATE_PREFIX = { client: 'rc_', keySet: 'key-set:', signingKey: 'signing-key:' };

/** All that a gateway needs to know a client by its secret or its assertion, and to take its tokens. */
export const clientState = z.object({
  kind: z.literal('client'),
  id,
  directory: z.uuid().nullable(),
  scopes: z.array(keyScope),
  status: z.enum(['live', 'revoked']),
  secrets: z.array(
    z.object({ id: z.string(), sha256: z.string(), expiresAt: z.string().nullable(), isRevoked: z.boolean() }),
  ),
  federation: federation.extend({ keySet: z.string() }).nullable(),
  version: z.number().int(),
});
export type ClientState = z.infer<typeof clientState>;

const jwk = z.record(z.string(), z.unknown());

/** The published keys of an issuer whose assertions are taken. */
export const keySetState = z.object({
  kind: z.literal('key-set'),
  id,
  keys: z.array(jwk),
  version: z.number().int(),
});
export type KeySetState = z.infer<typeof keySetState>;

/** The public half of a key that access tokens are signed with; nobody is shown the other. */
export const signingKeyState = z.object({
  kind: z.literal('signing-key'),
  id,
  jwk,
  version: z.number().int(),
});
export type SigningKeyState = z.infer<typeof signingKeyState>;
