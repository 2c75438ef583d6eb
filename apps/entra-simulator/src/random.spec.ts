import { randomFrom } from './random.js';

const numbers = (...words: (string | number)[]) => {
  const random = randomFrom(...words);
  return Array.from({ length: 20 }, () => random.below(1_000));
};

describe('chance that can be repeated', () => {
  it('is the same for the same words and another for others', () => {
    expect(numbers('user', 1, 2)).toEqual(numbers('user', 1, 2));
    expect(numbers('user', 1, 2)).not.toEqual(numbers('user', 1, 3));
  });

  it('stays below its limit and reaches every choice', () => {
    const random = randomFrom('dice');
    const thrown = Array.from({ length: 500 }, () => random.below(6));
    expect([...new Set(thrown)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('loses nobody when it shuffles', () => {
    expect(randomFrom('cards').shuffled([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('makes ids that look like GUIDs', () => {
    expect(randomFrom('id').guid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
