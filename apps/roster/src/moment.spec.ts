import { momentFrom } from './moment.js';

const now = new Date('2026-03-01T10:00:00Z');

describe('a moment', () => {
  it.each([
    ['90s', '2026-03-01T09:58:30.000Z'],
    ['30m', '2026-03-01T09:30:00.000Z'],
    ['1h', '2026-03-01T09:00:00.000Z'],
    ['7d', '2026-02-22T10:00:00.000Z'],
    ['2026-02-01T08:00:00Z', '2026-02-01T08:00:00.000Z'],
    ['2026-02-01', '2026-02-01T00:00:00.000Z'],
  ])('is read from %s', (text, wanted) => {
    expect(momentFrom(text, now).toISOString()).toBe(wanted);
  });

  it.each(['', 'h', '1', '1y', 'yesterday', '2026-13-01'])('is not %j', (text) => {
    expect(() => momentFrom(text, now)).toThrow(/is no time/);
  });
});
