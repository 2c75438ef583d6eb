import { stepDue } from './expiry.js';

const expiresAt = '2027-03-01T00:00:00.000Z';
const settledAt = '2026-03-01T00:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;
const before = (days: number) => new Date(Date.parse(expiresAt) - days * DAY_MS);
const told = (daysLeft: number) => ({ expiresAt, daysLeft });

describe('the end of a key', () => {
  it.each([
    [91, null],
    [90, 90],
    [31, 90],
    [30, 30],
    [7, 7],
    [1.01, 7],
    [1, 1],
    [0.01, 1],
    [0, 0],
    [-6, 0],
    [-8, null],
  ])('%s days ahead is told as step %s', (days, step) => {
    expect(stepDue({ expiresAt, settledAt, told: null }, before(days))).toBe(step);
  });

  it('is told once for each step', () => {
    expect(stepDue({ expiresAt, settledAt, told: told(30) }, before(8))).toBeNull();
    expect(stepDue({ expiresAt, settledAt, told: told(30) }, before(7))).toBe(7);
    expect(stepDue({ expiresAt, settledAt, told: told(0) }, before(-1))).toBeNull();
  });

  it('is told again when it is another end', () => {
    const earlier = { expiresAt: '2026-04-01T00:00:00.000Z', daysLeft: 0 };
    expect(stepDue({ expiresAt, settledAt, told: earlier }, before(90))).toBe(90);
  });

  it('is not told of steps that had passed when it was settled', () => {
    const lives = (days: number, at: number) =>
      stepDue({ expiresAt, settledAt: before(days).toISOString(), told: null }, before(at));
    expect([lives(30, 30), lives(30, 29), lives(30, 7), lives(1, 0.5), lives(1, 0)]).toEqual([null, null, 7, null, 0]);
  });
});
