import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { newWebhookSecret, sealTo, Vault } from './sealing.js';

describe('the secret of a webhook', () => {
  it('is kept so that only this key opens it, and only for what it was made', () => {
    const vault = new Vault('a secret of the notifier, long enough');
    const secret = newWebhookSecret();
    const sealed = vault.seal(secret, 'w1');
    expect(sealed).not.toContain(secret.slice(6));
    expect(vault.seal(secret, 'w1')).not.toBe(sealed);
    expect(vault.open(sealed, 'w1')).toBe(secret);
    expect(() => vault.open(sealed, 'w2')).toThrow();
    expect(() => new Vault('another secret of a notifier, as long').open(sealed, 'w1')).toThrow();
  });

  it('is told to its asker alone', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const sealed = await sealTo({ ...(await exportJWK(publicKey)) }, 'whsec_x');
    expect(new TextDecoder().decode((await compactDecrypt(sealed, privateKey)).plaintext)).toBe('whsec_x');
    await expect(sealTo({ kty: 'oct' }, 'x')).rejects.toThrow(/not a public key/);
    await expect(sealTo({ ...(await exportJWK(privateKey)) }, 'x')).rejects.toThrow(/private key/);
  });
});
