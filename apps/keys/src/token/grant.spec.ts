import type { ClientRow } from '../client/client.projection.js';
import { grantFor, type TokenAsked } from './grant.js';

const at = '2026-03-10T00:00:00.000Z';
const sha256 = 'a'.repeat(64);
const client: ClientRow = {
  id: 'rc_client0001',
  directory: '0197a000-0000-7000-8000-000000000001',
  name: 'Entra',
  scopes: ['scim:read', 'scim:write'],
  tokenLifeS: 3600,
  secrets: [
    { id: 's3cret0001', sha256, expiresAt: '2026-03-31T00:00:00.000Z', createdAt: at, revokedAt: null },
    { id: 's3cret0002', sha256, expiresAt: null, createdAt: at, revokedAt: at },
  ],
  federation: null,
  keySet: null,
  createdAt: at,
  revokedAt: null,
  version: 1,
};
const isSame = (one: string, other: string) => one === other;
const withSecret = (secretId: string, more: Partial<TokenAsked> = {}): TokenAsked => ({
  do: 'issue-token',
  id: client.id,
  scopes: null,
  issuer: 'https://roster.example',
  audience: 'https://roster.example/v2',
  proof: { kind: 'secret', secretId, sha256 },
  sealTo: {},
  ...more,
});
const withAssertion = withSecret('', { proof: { kind: 'assertion', sha256, expiresAt: at } });
const grant = (of: ClientRow | undefined, asked: TokenAsked, when = at) => grantFor(of, asked, when, isSame);

describe('a token', () => {
  it('is for all that the client may, or for what it asks of that', () => {
    expect(grant(client, withSecret('s3cret0001'))).toMatchObject({
      scopes: ['scim:read', 'scim:write'],
      secretId: 's3cret0001',
    });
    expect(grant(client, withSecret('s3cret0001', { scopes: ['scim:read'] })).scopes).toEqual(['scim:read']);
  });

  it.each([['events:read'], ['scim:read everything']])('is not for %s', (scope) => {
    expect(() => grant(client, withSecret('s3cret0001', { scopes: scope.split(' ') }))).toThrow(/may not have/);
  });

  it('hangs on a secret that lives', () => {
    expect(() => grant(client, withSecret('s3cret0002'))).toThrow(/revoked/);
    expect(() => grant(client, withSecret('s3cret0001'), '2026-03-31T00:00:00.000Z')).toThrow(/expired/);
    expect(() => grant(client, withSecret('s3cret0009'))).toThrow(/No such secret/);
    const wrong = { kind: 'secret', secretId: 's3cret0001', sha256: 'b'.repeat(64) } as const;
    expect(() => grant(client, withSecret('', { proof: wrong }))).toThrow(/No such secret/);
  });

  it('is for nobody who is not there any more', () => {
    expect(() => grant(undefined, withSecret('s3cret0001'))).toThrow(/no such client/);
    expect(() => grant({ ...client, revokedAt: at }, withSecret('s3cret0001'))).toThrow(/revoked/);
  });

  it('is given for an assertion only where an issuer is known', () => {
    expect(() => grant(client, withAssertion)).toThrow(/not an assertion/);
    const federation = { issuer: 'i', subject: 's', audience: 'a' };
    expect(grant({ ...client, federation }, withAssertion)).toMatchObject({ secretId: null });
  });
});
