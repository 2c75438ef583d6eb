import { createHash } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { readToken } from '#libs/contracts';
import { issueSecret } from './secret.js';

const id = 'k3y0000001';

describe('a secret', () => {
  it.each(['P-256', 'X25519'])('is sealed so that only the asker opens it (%s)', async (crv) => {
    const asker = await generateKeyPair('ECDH-ES', { crv, extractable: true });
    const { sha256, sealed } = await issueSecret('rk', id, { ...(await exportJWK(asker.publicKey)), kid: 'mine' });
    const { plaintext } = await compactDecrypt(sealed, asker.privateKey);
    const opened = new TextDecoder().decode(plaintext);
    expect(readToken(opened)).toEqual({ kind: 'rk', id });
    expect(createHash('sha256').update(opened).digest('hex')).toBe(sha256);
    expect(sealed).not.toContain(opened);
  });

  it('is never the same twice', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    const sealTo = { ...(await exportJWK(publicKey)) };
    const hashes = await Promise.all(Array.from({ length: 20 }, () => issueSecret('rs', id, sealTo)));
    expect(new Set(hashes.map(({ sha256 }) => sha256)).size).toBe(20);
  });

  it('is not sealed to what is no public key', async () => {
    const asker = await generateKeyPair('ECDH-ES', { extractable: true });
    const privateKey = { ...(await exportJWK(asker.privateKey)) };
    for (const sealTo of [{}, { kty: 'oct', k: 'AAAA' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, privateKey]) {
      await expect(issueSecret('rk', id, sealTo)).rejects.toMatchObject({ name: 'Refusal', code: 'invalid' });
    }
  });
});
