import { type Admission, HELD_MS_MAX, Throttle } from './throttle.js';

const START = 1_000_000;

/** What becomes of requests at these milliseconds. */
const at = (times: readonly number[], perSecond = 50): Admission[] => {
  const throttle = new Throttle();
  return times.map((time) => throttle.admit('one', perSecond, START + time));
};
const evenly = (perSecond: number, seconds: number) =>
  Array.from({ length: perSecond * seconds }, (_, place) => (place * 1_000) / perSecond);

describe('a directory that asks 50 times a second', () => {
  it('never waits when it asks evenly', () => {
    expect(at(evenly(50, 20)).every((one) => 'waitMs' in one && one.waitMs === 0)).toBe(true);
  });

  it('never waits when it asks all at once, every second anew', () => {
    const bursts = [0, 1_000, 2_000, 3_000].flatMap((second) => Array.from({ length: 50 }, () => second));
    expect(at(bursts).every((one) => 'waitMs' in one && one.waitMs === 0)).toBe(true);
  });

  it('never waits whenever in each second its requests come', () => {
    const times = Array.from({ length: 40 }, (_, second) => second * 1_000).flatMap((second) =>
      Array.from({ length: 25 }, (_, place) => second + ((place * 7919 + second) % 500)),
    );
    expect(at(times.sort((a, b) => a - b)).every((one) => 'waitMs' in one && one.waitMs === 0)).toBe(true);
  });
});

describe('a directory that asks more often', () => {
  const flood = at(evenly(500, 10));
  const waits = flood.flatMap((one) => ('waitMs' in one ? [one.waitMs] : []));
  const refused = flood.flatMap((one) => ('retryAfterS' in one ? [one.retryAfterS] : []));

  it('first waits, up to two seconds, and is refused only then', () => {
    expect(Math.max(...waits)).toBeLessThanOrEqual(HELD_MS_MAX);
    const first = flood.findIndex((one) => 'retryAfterS' in one);
    expect(flood.slice(0, first).some((one) => 'waitMs' in one && one.waitMs > 1_900)).toBe(true);
  });

  it('gets 50 a second through, no more and no fewer', () => {
    expect(waits.length).toBeGreaterThanOrEqual(50 * 10);
    expect(waits.length).toBeLessThanOrEqual(50 * (10 + 1 + 2));
  });

  it('is told when to come again, in whole seconds', () => {
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((seconds) => Number.isInteger(seconds) && seconds >= 1)).toBe(true);
  });

  it('keeps no other from its own', () => {
    const throttle = new Throttle();
    for (let count = 0; count < 1_000; count++) throttle.admit('one', 50, START);
    expect(throttle.admit('other', 50, START)).toEqual({ waitMs: 0 });
  });

  it('is let in again after a pause, also when thousands of others came by', () => {
    const throttle = new Throttle();
    for (let count = 0; count < 1_000; count++) throttle.admit('one', 50, START);
    for (let count = 0; count < 20_000; count++) throttle.admit(`other ${count}`, 50, START + 1);
    expect(throttle.admit('one', 50, START + 1)).toMatchObject({ retryAfterS: expect.any(Number) });
    expect(throttle.admit('one', 50, START + 10_000)).toEqual({ waitMs: 0 });
  });
});
