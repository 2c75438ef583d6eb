import { keySetId, signatureKeys } from './key-set.js';
import { guardedGet } from './guarded-get.js';

describe('the keys that an issuer publishes', () => {
  it('are taken without what is private, and only those that signatures are checked with', () => {
    const rsa = { kty: 'RSA', kid: 'a', n: 'n', e: 'AQAB' };
    const keys = [
      { ...rsa, d: 'private', p: 'private' },
      { ...rsa, use: 'enc' },
      { kty: 'oct', k: 'secret' },
    ];
    expect(signatureKeys({ keys })).toEqual([rsa]);
  });

  it('are shared by clients of the same issuer and place', () => {
    expect(keySetId({ issuer: 'https://a' })).toBe(keySetId({ issuer: 'https://a' }));
    expect(keySetId({ issuer: 'https://a' })).not.toBe(keySetId({ issuer: 'https://a', jwksUri: 'https://a/keys' }));
  });
});

describe('an address that somebody else named', () => {
  it.each([
    ['http://issuer.example/keys', /only https/],
    ['ftp://issuer.example/keys', /only https/],
    ['https://me:secret@issuer.example/keys', /no password/],
    ['http://127.0.0.1:1/keys', /cannot be read/],
    ['https://127.0.0.1:1/keys', /cannot be read/],
    ['https://[::1]:1/keys', /cannot be read/],
    ['https://10.1.2.3/keys', /cannot be read/],
    ['https://192.168.1.1/keys', /cannot be read/],
    ['https://169.254.169.254/latest/meta-data', /cannot be read/],
    ['https://localhost:1/keys', /cannot be read/],
  ])('%s is not read', async (address, why) => {
    await expect(guardedGet(address, [])).rejects.toThrow(why);
  });
});
