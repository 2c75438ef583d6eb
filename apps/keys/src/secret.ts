import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { Refusal } from '#libs/event-sourcing';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BITS = 256;
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^rk_[a-z0-9]{10}_[0-9A-Za-z]{49}$/;
const CURVES: Record<string, readonly string[]> = { EC: ['P-256', 'P-384', 'P-521'], OKP: ['X25519'] };

/** A new secret for this key: its hash to keep, and itself in a form that only the owner of `sealTo` can open. */
export async function issueSecret(
  id: string,
  sealTo: Record<string, unknown>,
): Promise<{ sha256: string; sealed: string }> {
  const secret = makeSecret(id, randomBytes(BITS / 8));
  return { sha256: createHash('sha256').update(secret).digest('hex'), sealed: await seal(secret, sealTo) };
}

/** The secret in clear: `rk_`, the key's id, 256 bits in base62, and a checksum that scanners and gateways can verify. */
export function makeSecret(id: string, random: Buffer): string {
  if (random.length * 8 !== BITS) throw new RangeError(`a secret is made of ${BITS} random bits`);
  const body = `rk_${id}_${base62(BigInt(`0x${random.toString('hex')}`), RANDOM_LENGTH)}`;
  return body + checksum(body);
}

/** Could this be one of our secrets? Says nothing about whether it is known. */
export function isWellFormed(secret: string): boolean {
  return FORM.test(secret) && secret.slice(-CHECKSUM_LENGTH) === checksum(secret.slice(0, -CHECKSUM_LENGTH));
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}

async function seal(secret: string, sealTo: Record<string, unknown>): Promise<string> {
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
