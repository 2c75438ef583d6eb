import { boundsOf, dayOf, daysToMake, firstDayKept, isKept } from './days.js';

const now = new Date('2026-03-01T10:00:00Z');

describe('the days of the log', () => {
  it('have their partitions made before they begin', () => {
    expect(daysToMake(now)).toEqual(['20260228', '20260301', '20260302', '20260303', '20260304']);
  });

  it('go from midnight to midnight in UTC', () => {
    expect(boundsOf('20260228')).toEqual({ from: '2026-02-28T00:00:00Z', to: '2026-03-01T00:00:00.000Z' });
    expect(dayOf(new Date('2026-02-28T23:59:59.999Z'))).toBe('20260228');
  });

  it('are kept as long as was asked for', () => {
    expect(firstDayKept(now, 30)).toBe('20260130');
    expect(isKept(new Date('2026-01-30T00:00:00Z'), now, 30)).toBe(true);
    expect(isKept(new Date('2026-01-29T23:59:59Z'), now, 30)).toBe(false);
    expect(isKept(new Date('2026-03-09T00:00:00Z'), now, 30)).toBe(false);
  });
});
