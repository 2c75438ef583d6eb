import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { Refusal } from '#libs/event-sourcing';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 32;

/** A new secret of a webhook, as Standard Webhooks writes it. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** Seals secrets that must be used again, with a key that is never in the database. */
export class Vault {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'roster webhook secrets v1', 32));
  }

  /** `bound` names what the secret belongs to: it opens nowhere else. */
  seal(text: string, bound: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv).setAAD(Buffer.from(bound));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Throws when it was sealed with another key, or for something else. */
  open(sealed: string, bound: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(bound));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)).toString('utf8') + decipher.final('utf8');
  }
}

/** A text that only the owner of this public key (a JWK for ECDH-ES) can read. Throws Refusal for what is no such key. */
export async function sealTo(recipient: Record<string, unknown>, text: string): Promise<string> {
  const { kty, crv, x, y, d } = recipient as JWK;
  if (d !== undefined) throw new Refusal('invalid', 'sealTo holds a private key; send the public one only.');
  try {
    const key = await importJWK(kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }, 'ECDH-ES');
    const encrypting = new CompactEncrypt(new TextEncoder().encode(text));
    return await encrypting.setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(key);
  } catch {
    throw new Refusal('invalid', 'sealTo is not a public key for ECDH-ES that can be used.');
  }
}
