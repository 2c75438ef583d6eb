import { randomBytes } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';

const ID_LENGTH = 10;
const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A secret comes back sealed to a key pair that lives only here and now. */
export async function sealing(): Promise<{ sealTo: Record<string, unknown>; open(sealed: string): Promise<string> }> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  return {
    sealTo: { ...(await exportJWK(publicKey)) },
    open: async (sealed) => new TextDecoder().decode((await compactDecrypt(sealed, privateKey)).plaintext),
  };
}

/** A new public id, as keys, secrets and clients have. */
export function newId(): string {
  // 252 is the largest multiple of 36 that a byte holds: without the cut some letters would be likelier.
  let id = '';
  while (id.length < ID_LENGTH) {
    for (const byte of randomBytes(ID_LENGTH)) {
      if (byte < 252 && id.length < ID_LENGTH) id += ID_LETTERS.charAt(byte % ID_LETTERS.length);
    }
  }
  return id;
}
