import { isGivenUp, nextTry } from './patience.js';

const now = new Date('2026-03-01T10:00:00Z');

describe('an address that could not be reached', () => {
  it('is tried again after pauses that double up to a quarter of an hour', () => {
    const pauses = [1, 2, 3, 8, 9, 100].map((failures) => (nextTry(failures, now).getTime() - now.getTime()) / 1000);
    expect(pauses).toEqual([5, 10, 20, 640, 900, 900]);
  });

  it('is tried for two days', () => {
    expect(isGivenUp(now, new Date('2026-03-03T09:59:59Z'))).toBe(false);
    expect(isGivenUp(now, new Date('2026-03-03T10:00:00Z'))).toBe(true);
  });
});
