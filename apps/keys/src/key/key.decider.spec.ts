import { given } from '#libs/testing';
import { type KeyAction, keyDecider, type KeyEvent } from './key.decider.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const another = '0197a000-0000-7000-8000-000000000002';
const by = { kind: 'operator', id: 'admin' } as const;
const at = '2026-03-01T00:00:00.000Z';
const secretSha256 = 'a'.repeat(64);
const asked = { id: 'k3y0000001', directory, name: 'Entra', by, at, secretSha256 };
const issue: KeyAction = { do: 'issue', ...asked, scopes: ['scim:read', 'scim:write'], expiresInDays: 30 };
const issued = {
  type: 'KeyIssued',
  data: {
    directory,
    name: 'Entra',
    scopes: ['scim:read', 'scim:write'],
    secretSha256,
    expiresAt: '2026-03-31T00:00:00.000Z',
    issuedAt: at,
    issuedBy: by,
  },
} satisfies KeyEvent;
const revoke: KeyAction = { do: 'revoke', directory, by, at: '2026-03-02T00:00:00.000Z' };
const revoked: KeyEvent = { type: 'KeyRevoked', data: { revokedAt: '2026-03-02T00:00:00.000Z', revokedBy: by } };

const living = (expiresAt: string | null): KeyEvent => ({ ...issued, data: { ...issued.data, expiresAt } });

describe('a key', () => {
  it('is issued once; asked twice, nothing happens', () => {
    given(keyDecider).when(issue).then(issued);
    given(keyDecider, issued).when(issue).nothingHappens();
    given(keyDecider, issued, revoked).when(issue).nothingHappens();
  });

  it('lives a year unless told otherwise, and for ever only when that is asked for', () => {
    given(keyDecider)
      .when({ ...issue, expiresInDays: undefined })
      .then(living('2027-03-01T00:00:00.000Z'));
    given(keyDecider)
      .when({ ...issue, expiresInDays: null })
      .then(living(null));
  });

  it.each([0, -1, 1.5, 731])('cannot live %s days', (expiresInDays) => {
    given(keyDecider)
      .when({ ...issue, expiresInDays })
      .refuses('invalid');
  });

  it.each(['', 'short', 'UPPERCASE1', 'elevenchars', "a';drop--1", 'k3y000000\n'])('cannot have the id %j', (id) => {
    given(keyDecider)
      .when({ ...issue, id })
      .refuses('invalid');
  });

  it.each(['', '   ', 'two\nlines', 'nul\u0000', 'half \ud83d', 'x'.repeat(201)])('cannot be called %j', (name) => {
    given(keyDecider)
      .when({ ...issue, name })
      .refuses('invalid');
  });

  it('is revoked once; asked twice, nothing happens', () => {
    given(keyDecider, issued).when(revoke).then(revoked);
    given(keyDecider, issued, revoked).when(revoke).nothingHappens();
  });

  it('cannot be revoked before it is there', () => {
    given(keyDecider).when(revoke).refuses('not-found');
  });

  it('is not there for another directory, and its id is taken', () => {
    given(keyDecider, issued)
      .when({ ...revoke, directory: another })
      .refuses('not-found');
    given(keyDecider, issued)
      .when({ ...issue, directory: another })
      .refuses('already-exists');
  });
});
