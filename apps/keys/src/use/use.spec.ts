import type { Activity, Envelope } from '#libs/contracts';
import { requestOf } from './request-of.contract.js';
import { usesIn, worthKeeping } from './use.js';

function heard(keyId: string | null, at: string, more: Partial<Activity> = {}): Envelope<Activity> {
  return {
    id: '0197a000-0000-7000-8000-00000000000a',
    type: 'provisioning.activity',
    schemaVersion: 1,
    time: `2026-03-01T10:${at}.000Z`,
    correlationId: 'c1',
    causationId: null,
    actor: { kind: 'key', id: keyId ?? 'nobody' },
    directory: null,
    data: requestOf(keyId, more),
  };
}

describe('the uses that activity tells of', () => {
  it('are the last of each key, with where from and what with', () => {
    const client = { address: '192.0.2.7', userAgent: 'Entra\u0007' };
    const uses = usesIn([heard('a', '00:02', { client }), heard('b', '00:01'), heard('a', '00:01')]);
    expect(uses).toEqual([
      { id: 'a', at: '2026-03-01T10:00:02.000Z', address: '192.0.2.7', userAgent: 'Entra ' },
      { id: 'b', at: '2026-03-01T10:00:01.000Z', address: null, userAgent: null },
    ]);
  });

  it('are none where nobody is known, nor where the key was refused', () => {
    expect(usesIn([heard(null, '00:01'), heard('a', '00:01', { status: 401 })])).toEqual([]);
    expect(usesIn([heard('rc_a', '00:01', { status: 400, path: '/oauth2/token' })])).toEqual([]);
    expect(usesIn([heard('a', '00:01', { status: 403 })])).toHaveLength(1);
  });

  it('are worth keeping once a minute', () => {
    const [use] = usesIn([heard('a', '01:30')]);
    if (use === undefined) throw new Error('no use');
    const kept = (at: string) => new Map([['a', `2026-03-01T10:${at}.000Z`]]);
    expect(worthKeeping([use], new Map())).toEqual([use]);
    expect(worthKeeping([use], kept('00:31'))).toEqual([]);
    expect(worthKeeping([use], kept('00:30'))).toEqual([use]);
  });
});
