import { createHash, randomBytes } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { isWellFormed, issueSecret, makeSecret } from './secret.js';

const id = 'k3y0000001';

describe('a secret', () => {
  it('has a form that scanners recognise', () => {
    const secret = makeSecret(id, randomBytes(32));
    expect(secret).toMatch(/^rk_k3y0000001_[0-9A-Za-z]{49}$/);
    expect(isWellFormed(secret)).toBe(true);
  });

  it('keeps its length whatever the random bits are', () => {
    const lowest = makeSecret(id, Buffer.alloc(32, 0));
    const highest = makeSecret(id, Buffer.alloc(32, 255));
    expect([lowest.length, highest.length]).toEqual([63, 63]);
    expect([lowest, highest].every(isWellFormed)).toBe(true);
  });

  it('is the same for the same bits, so that other programs can check theirs against ours', () => {
    expect(makeSecret(id, Buffer.alloc(32, 1))).toBe('rk_k3y0000001_0El6XFXwsUFD8J2vGxsaboW7rZYnQRBP5d9erwRwd293uTPaZ');
  });

  it('is told from one with any character changed', () => {
    const secret = makeSecret(id, randomBytes(32));
    for (let place = 0; place < secret.length; place++) {
      const other = secret[place] === 'x' ? 'y' : 'x';
      expect(isWellFormed(secret.slice(0, place) + other + secret.slice(place + 1))).toBe(false);
    }
    expect(isWellFormed(`${secret} `)).toBe(false);
    expect(isWellFormed(secret.slice(0, -1))).toBe(false);
  });

  it('is made of 256 bits, no fewer', () => {
    expect(() => makeSecret(id, randomBytes(16))).toThrow(RangeError);
  });

  it.each(['P-256', 'X25519'])('is sealed so that only the asker opens it (%s)', async (crv) => {
    const asker = await generateKeyPair('ECDH-ES', { crv, extractable: true });
    const { sha256, sealed } = await issueSecret(id, { ...(await exportJWK(asker.publicKey)), kid: 'mine' });
    const { plaintext } = await compactDecrypt(sealed, asker.privateKey);
    const opened = new TextDecoder().decode(plaintext);
    expect(isWellFormed(opened)).toBe(true);
    expect(createHash('sha256').update(opened).digest('hex')).toBe(sha256);
    expect(sealed).not.toContain(opened);
  });

  it('is not sealed to what is no public key', async () => {
    const asker = await generateKeyPair('ECDH-ES', { extractable: true });
    const privateKey = { ...(await exportJWK(asker.privateKey)) };
    for (const sealTo of [{}, { kty: 'oct', k: 'AAAA' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, privateKey]) {
      await expect(issueSecret(id, sealTo)).rejects.toMatchObject({ name: 'Refusal', code: 'invalid' });
    }
  });
});
