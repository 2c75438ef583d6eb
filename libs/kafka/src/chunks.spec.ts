import { cut, Joiner } from './chunks.js';

const ASTRONAUT = '👩‍🚀';

describe('a long answer', () => {
  it('is cut into pieces that each fit into a message', () => {
    for (const piece of cut('你'.repeat(1_000_000))) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(512 * 1024);
  });

  it.each([0, 1, 2, 3, 4])('is never cut within a character (shifted by %i)', (shift) => {
    const text = 'x'.repeat(shift) + ASTRONAUT.repeat(100_000);
    // What travels is UTF-8, in which half a character cannot be said.
    const travelled = cut(text).map((piece) => Buffer.from(piece).toString());
    expect(travelled.length).toBeGreaterThan(1);
    expect(travelled.join('') === text).toBe(true);
  });

  it('is put together whatever the order of its pieces and what comes between', () => {
    const joiner = new Joiner(() => 0, 1_000);
    expect(joiner.add('one', 2, 3, 'c')).toBeUndefined();
    expect(joiner.add('two', 0, 2, 'x')).toBeUndefined();
    expect(joiner.add('one', 0, 3, 'a')).toBeUndefined();
    expect(joiner.add('one', 0, 3, 'a')).toBeUndefined();
    expect(joiner.add('one', 1, 3, 'b')).toBe('abc');
    expect(joiner.add('two', 1, 2, 'y')).toBe('xy');
  });

  it('that is never completed is forgotten after a while', () => {
    let now = 0;
    const joiner = new Joiner(() => now, 1_000);
    joiner.add('lost', 0, 2, 'a');
    now = 2_000;
    joiner.add('other', 0, 2, 'x');
    expect(joiner.add('lost', 1, 2, 'b')).toBeUndefined();
  });
});
