import { given } from '#libs/testing';
import { type KeysAllowed, liveKeysMax, roomDecider } from './room.decider.js';

const by = { kind: 'operator', id: 'admin' } as const;
const at = '2026-03-01T00:00:00.000Z';
const allow = { do: 'allow', liveKeysMax: 5, by, at } as const;
const allowed: KeysAllowed = { type: 'KeysAllowed', data: { liveKeysMax: 5, allowedAt: at, allowedBy: by } };

describe('the number of keys that may live', () => {
  it('is two in a directory until told otherwise, and ten for those that reach all', () => {
    expect(liveKeysMax(roomDecider.initial, '0197a000-0000-7000-8000-000000000001')).toBe(2);
    expect(liveKeysMax(roomDecider.initial, null)).toBe(10);
    expect(liveKeysMax({ max: 5 }, null)).toBe(5);
  });

  it('is set once; asked twice, nothing happens', () => {
    given(roomDecider).when(allow).then(allowed);
    given(roomDecider, allowed).when(allow).nothingHappens();
  });
});
