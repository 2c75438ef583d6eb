import { nextTry } from './patience.js';

const createdAt = new Date('2026-03-01T10:00:00Z');
const after = (seconds: number) => new Date(createdAt.getTime() + seconds * 1000);

describe('a mail that could not be sent', () => {
  it('is tried again after pauses that double up to a quarter of an hour', () => {
    const pauses = [1, 2, 3, 8, 9, 100].map((attempts) => {
      const at = nextTry({ createdAt, attempts, refusals: 0 }, after(60));
      return at === null ? null : (at.getTime() - after(60).getTime()) / 1000;
    });
    expect(pauses).toEqual([5, 10, 20, 640, 900, 900]);
  });

  it('is given up after two days', () => {
    expect(nextTry({ createdAt, attempts: 200, refusals: 0 }, after(47 * 3600))).not.toBeNull();
    expect(nextTry({ createdAt, attempts: 200, refusals: 0 }, after(48 * 3600))).toBeNull();
  });

  it('is given up when the address has been refused three times', () => {
    expect(nextTry({ createdAt, attempts: 2, refusals: 2 }, after(10))).not.toBeNull();
    expect(nextTry({ createdAt, attempts: 3, refusals: 3 }, after(10))).toBeNull();
  });
});
