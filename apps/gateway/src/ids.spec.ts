import { validate, version } from 'uuid';
import { orderedId } from './ids.js';

describe('an ordered id', () => {
  const ids = Array.from({ length: 20_000 }, () => orderedId());

  it('is a UUIDv7 with the time in it', () => {
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    const time = Number.parseInt((ids.at(-1) ?? '').replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(Date.now() - time)).toBeLessThan(10_000);
  });

  it('is greater than the one before, also within a millisecond', () => {
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
