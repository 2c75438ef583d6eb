import { createHash, randomBytes } from 'node:crypto';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { base62, type TokenKind, writeToken } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';

const BITS = 256;
const DIGITS_LENGTH = 43;
const CURVES: Record<string, readonly string[]> = { EC: ['P-256', 'P-384', 'P-521'], OKP: ['X25519'] };

/** A new secret under this public id: its hash to keep, and itself in a form that only the owner of `sealTo` can open. */
export async function issueSecret(
  kind: TokenKind,
  id: string,
  sealTo: Record<string, unknown>,
): Promise<{ sha256: string; sealed: string }> {
  const random = randomBytes(BITS / 8).toString('hex');
  const secret = writeToken(kind, id, base62(BigInt(`0x${random}`), DIGITS_LENGTH));
  return { sha256: createHash('sha256').update(secret).digest('hex'), sealed: await seal(secret, sealTo) };
}

/** What only the owner of a public key can read: a JWE (ECDH-ES, A256GCM). Throws Refusal when it is no such key. */
export async function seal(secret: string, sealTo: Record<string, unknown>): Promise<string> {
  const { kty, crv, x, y, d } = sealTo as JWK;
  if (d !== undefined) throw new Refusal('invalid', 'sealTo holds a private key; send the public one only.');
  if (!CURVES[String(kty)]?.includes(String(crv))) {
    throw new Refusal('invalid', 'sealTo is not a public key for ECDH-ES: EC P-256, P-384 or P-521, or OKP X25519.');
  }
  try {
    const key = await importJWK(kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }, 'ECDH-ES');
    return await new CompactEncrypt(new TextEncoder().encode(secret))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(key);
  } catch {
    throw new Refusal('invalid', 'sealTo is not a public key that can be used.');
  }
}
