import { checkLimits } from './limits.js';
import { refusal } from './refusal.contract.js';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function wide(keys: number): unknown {
  return Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, 1]));
}

describe('the limits of a body', () => {
  it('let 20 levels and 10,000 keys pass', () => {
    expect(() => checkLimits(nested(20))).not.toThrow();
    expect(() => checkLimits(wide(10_000))).not.toThrow();
    expect(() => checkLimits('text')).not.toThrow();
  });

  it.each([
    ['21 levels', nested(21)],
    ['200,000 levels, without overflowing the stack', nested(200_000)],
    ['10,001 keys', wide(10_001)],
    ['10,001 keys spread over a list', [wide(5_000), [wide(5_001)]]],
  ])('refuse %s', (_, value) => {
    expect(refusal(() => checkLimits(value))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
  });
});
