import { fold } from '#libs/event-sourcing';
import { keyDecider, type KeyEvent } from './key.decider.js';
import { decideRotation, type Rotation } from './rotation.decider.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const by = { kind: 'operator', id: 'admin' } as const;
const issued: KeyEvent = {
  type: 'KeyIssued',
  data: {
    directory,
    name: 'Entra',
    scopes: ['scim:read'],
    secretSha256: 'a'.repeat(64),
    expiresAt: '2026-03-31T00:00:00.000Z',
    issuedAt: '2026-03-01T00:00:00.000Z',
    issuedBy: by,
    requestsPerSecond: 7,
  },
};
const at = '2026-03-10T00:00:00.000Z';
const rotation: Rotation = {
  id: 'k3y0000001',
  successor: 'k3y0000002',
  grace: '1h',
  secretSha256: 'b'.repeat(64),
  room: { live: ['k3y0000001'], liveMax: 2 },
  directory,
  by,
  at,
};
const old = fold(keyDecider, [issued]);
const none = keyDecider.initial;

describe('a rotation', () => {
  it('ends the old key and issues the new one, with the same name, scopes, limit and length of life', () => {
    const { old: ended, next } = decideRotation(rotation, old, none);
    expect(ended).toMatchObject([{ type: 'KeyRotated', data: { successor: 'k3y0000002' } }]);
    const data = { name: 'Entra', scopes: ['scim:read'], requestsPerSecond: 7, predecessor: 'k3y0000001' };
    expect(next).toMatchObject([{ type: 'KeyIssued', data: { ...data, expiresAt: '2026-04-09T00:00:00.000Z' } }]);
  });

  it('gives the new key another life when one is asked for', () => {
    expect(decideRotation({ ...rotation, expiresInDays: null }, old, none).next).toMatchObject([
      { data: { expiresAt: null } },
    ]);
  });

  it('needs room for both while both live, and none when the old one ends at once', () => {
    const room = { live: ['k3y0000001', 'other00000'], liveMax: 2 };
    expect(() => decideRotation({ ...rotation, room }, old, none)).toThrow(/may live at a time/);
    const { old: ended, next } = decideRotation({ ...rotation, room, grace: 'now' }, old, none);
    expect(next).toHaveLength(1);
    expect(fold(keyDecider, [issued, ...ended])).toMatchObject({ revokedAt: at });
  });

  it('is done once', () => {
    const { old: ended, next } = decideRotation(rotation, old, none);
    const [after, made] = [fold(keyDecider, [issued, ...ended]), fold(keyDecider, next)];
    expect(decideRotation(rotation, after, made)).toEqual({ old: [], next: [] });
  });

  it('takes no id that is taken, and no key that is not there', () => {
    expect(() => decideRotation(rotation, old, old)).toThrow(/taken/);
    expect(() => decideRotation(rotation, none, none)).toThrow(/no such key/);
  });
});
