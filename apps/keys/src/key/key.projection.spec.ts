import { type KeyRow, stateOf, summaryOf } from './key.projection.js';

const row: KeyRow = {
  id: 'k3y0000001',
  directory: '0197a000-0000-7000-8000-000000000001',
  name: 'Entra',
  scopes: ['scim:read'],
  secretSha256: 'a'.repeat(64),
  createdAt: '2026-03-01T00:00:00.000Z',
  expiresAt: '2026-03-31T00:00:00.000Z',
  revokedAt: null,
  disabledAt: null,
  rotatedAt: null,
  successor: null,
  predecessor: null,
  requestsPerSecond: null,
  version: 1,
};
const revoked = { ...row, revokedAt: '2026-03-05T00:00:00.000Z', version: 2 };
const inMarch = new Date('2026-03-10T00:00:00Z');
const atTheEnd = new Date('2026-03-31T00:00:00Z');

describe('a key, as people see it', () => {
  it('is live until the moment it expires', () => {
    expect(summaryOf(row, inMarch).status).toBe('live');
    expect(summaryOf(row, atTheEnd).status).toBe('expired');
    expect(summaryOf({ ...row, expiresAt: null }, atTheEnd).status).toBe('live');
  });

  it('stays revoked when it would have expired', () => {
    expect(summaryOf(revoked, atTheEnd).status).toBe('revoked');
  });

  it('is disabled until it is enabled, or over', () => {
    const disabled = { ...row, disabledAt: '2026-03-05T00:00:00.000Z' };
    expect(summaryOf(disabled, inMarch).status).toBe('disabled');
    expect(summaryOf(disabled, atTheEnd).status).toBe('expired');
    expect(stateOf(disabled).status).toBe('disabled');
  });

  it('shows neither secret nor hash', () => {
    expect(JSON.stringify(summaryOf(row, inMarch))).not.toContain(row.secretSha256);
  });
});

describe('a key, as gateways see it', () => {
  it('says what is needed to check a secret, and whether it is revoked', () => {
    expect(stateOf(row)).toMatchObject({ secretSha256: row.secretSha256, status: 'live', version: 1 });
    expect(stateOf(revoked)).toMatchObject({ status: 'revoked', version: 2, expiresAt: row.expiresAt });
  });
});
