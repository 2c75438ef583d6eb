import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Federation, STATE_PREFIX } from '#libs/contracts';

const KEYS_MAX = 100;
/** What makes a key public; nothing else of an issuer's document is taken. */
const PUBLIC = ['kty', 'kid', 'use', 'alg', 'n', 'e', 'crv', 'x', 'y'];

export const jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(KEYS_MAX) });
export const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Clients of the same issuer and place of keys share a key set. */
export function keySetId({ issuer, jwksUri = '' }: Pick<Federation, 'issuer' | 'jwksUri'>): string {
  return `${STATE_PREFIX.keySet}${createHash('sha256').update(`${issuer}\n${jwksUri}`).digest('hex').slice(0, 32)}`;
}

/** The keys that signatures can be checked with: public ones of kinds that signatures are made with. */
export function signatureKeys(document: z.infer<typeof jwks>): Record<string, unknown>[] {
  return document.keys
    .filter(({ kty, use }) => ['RSA', 'EC', 'OKP'].includes(String(kty)) && (use === undefined || use === 'sig'))
    .map((key) => Object.fromEntries(PUBLIC.filter((name) => name in key).map((name) => [name, key[name]])));
}
