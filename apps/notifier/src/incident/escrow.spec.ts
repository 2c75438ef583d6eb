import { nextTryOf } from './escrow.js';

const first = new Date('2026-03-01T10:00:00Z');
const after = (hours: number) => new Date(first.getTime() + hours * 3_600_000);

describe('when Entra tries again', () => {
  it('is 6, 12 and 24 hours after the first failure, then every 24 hours, for 28 days', () => {
    const next = (hours: number) => nextTryOf('duplicate', first, first, after(hours));
    expect([0, 5.9, 6, 13, 24, 47, 600].map((hours) => next(hours))).toEqual([6, 6, 12, 24, 48, 48, 624].map(after));
    expect(next(28 * 24)).toBeNull();
  });

  it('is the next cycle for what failed for our sake, and the next day for a key that is refused', () => {
    expect(nextTryOf('unavailable', first, first, after(0))).toEqual(after(2 / 3));
    expect(nextTryOf('our-fault', first, first, after(1))).toEqual(after(4 / 3));
    expect(nextTryOf('key-expired', first, first, after(1))).toEqual(after(24));
  });
});
