import { given } from '#libs/testing';
import { type Issue, type KeyAction, keyDecider, type KeyEvent } from './key.decider.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const another = '0197a000-0000-7000-8000-000000000002';
const by = { kind: 'operator', id: 'admin' } as const;
const at = '2026-03-01T00:00:00.000Z';
const secretSha256 = 'a'.repeat(64);
const room = { live: [], liveMax: 2 };
const asked = { id: 'k3y0000001', directory, name: 'Entra', by, at, secretSha256 };
const issue: Issue = { do: 'issue', ...asked, room, scopes: ['scim:read', 'scim:write'], expiresInDays: 30 };
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

const later = '2026-03-02T00:00:00.000Z';
const now = { directory, by, at: later };
const disable: KeyAction = { do: 'disable', ...now };
const enable: KeyAction = { do: 'enable', ...now };
const disabled: KeyEvent = { type: 'KeyDisabled', data: { disabledAt: later, disabledBy: by } };
const enabled: KeyEvent = { type: 'KeyEnabled', data: { enabledAt: later, enabledBy: by } };
const rotate: KeyAction = { do: 'rotate', successor: 'k3y0000002', grace: '24h', ...now };
const rotated = {
  type: 'KeyRotated',
  data: { successor: 'k3y0000002', endsAt: '2026-03-03T00:00:00.000Z', rotatedAt: later, rotatedBy: by },
} satisfies KeyEvent;

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

  it('is refused when as many live as may, with a sentence that says what to do', () => {
    const full = { ...issue, room: { live: ['a', 'b'], liveMax: 2 } };
    given(keyDecider).when(full).refuses('conflict');
    expect(() => keyDecider.decide(full, keyDecider.initial)).toThrow(/2 keys may live.*a, b.*key revoke/s);
    given(keyDecider)
      .when({ ...issue, room: { live: ['a'], liveMax: 2 } })
      .then(issued);
  });

  it('may reach all directories, and is then nobody else’s', () => {
    const reaching = { ...issued, data: { ...issued.data, directory: null } };
    given(keyDecider)
      .when({ ...issue, directory: null })
      .then(reaching);
    given(keyDecider, reaching).when(revoke).refuses('not-found');
    given(keyDecider, reaching)
      .when({ ...revoke, directory: null })
      .then(revoked);
  });
});

describe('a key that is disabled', () => {
  it('is so once, until it is enabled again', () => {
    given(keyDecider, issued).when(disable).then(disabled);
    given(keyDecider, issued, disabled).when(disable).nothingHappens();
    given(keyDecider, issued, disabled).when(enable).then(enabled);
    given(keyDecider, issued, disabled, enabled).when(enable).nothingHappens();
    given(keyDecider, issued).when(enable).nothingHappens();
  });

  it('can be revoked, but not rotated', () => {
    given(keyDecider, issued, disabled).when(revoke).then(revoked);
    given(keyDecider, issued, disabled).when(rotate).refuses('conflict');
  });

  it('does not come back once it is over', () => {
    given(keyDecider, issued, disabled, revoked).when(enable).refuses('conflict');
    given(keyDecider, issued, disabled)
      .when({ ...enable, at: '2026-03-31T00:00:00.000Z' })
      .refuses('conflict');
  });

  it('is another directory’s business to nobody', () => {
    given(keyDecider, issued)
      .when({ ...disable, directory: another })
      .refuses('not-found');
  });
});

describe('a key’s own limit', () => {
  const limit = (requestsPerSecond: number | null): KeyAction => ({ do: 'limit', requestsPerSecond, ...now });
  const limited = (requestsPerSecond: number | null): KeyEvent => ({
    type: 'KeyLimited',
    data: { requestsPerSecond, limitedAt: later, limitedBy: by },
  });

  it('is set, and taken away', () => {
    given(keyDecider, issued).when(limit(10)).then(limited(10));
    given(keyDecider, issued, limited(10)).when(limit(10)).nothingHappens();
    given(keyDecider, issued, limited(10)).when(limit(null)).then(limited(null));
    given(keyDecider, issued).when(limit(null)).nothingHappens();
  });
});

describe('a key that is rotated', () => {
  it.each([
    ['now', later],
    ['1h', '2026-03-02T01:00:00.000Z'],
    ['24h', '2026-03-03T00:00:00.000Z'],
    ['7d', '2026-03-09T00:00:00.000Z'],
  ] as const)('with grace %s ends %s', (grace, endsAt) => {
    given(keyDecider, issued)
      .when({ ...rotate, grace })
      .then({ ...rotated, data: { ...rotated.data, endsAt } });
  });

  it('never lives longer than it would have', () => {
    const at = '2026-03-30T23:30:00.000Z';
    const data = { successor: 'k3y0000002', endsAt: '2026-03-31T00:00:00.000Z', rotatedAt: at, rotatedBy: by };
    given(keyDecider, issued)
      .when({ ...rotate, at })
      .then({ type: 'KeyRotated', data });
  });

  it('is so once; another rotation is of the one that took over', () => {
    given(keyDecider, issued, rotated).when(rotate).nothingHappens();
    given(keyDecider, issued, rotated)
      .when({ ...rotate, successor: 'k3y0000003' })
      .refuses('conflict');
  });

  it('is not, once it is over', () => {
    given(keyDecider, issued, revoked).when(rotate).refuses('conflict');
    given(keyDecider, issued)
      .when({ ...rotate, at: '2026-04-01T00:00:00.000Z' })
      .refuses('conflict');
  });
});
