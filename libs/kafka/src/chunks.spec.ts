import { cut, cutBytes, Joiner } from './chunks.js';

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
    expect(joiner.add('one', { index: 2, count: 3, text: 'c' })).toBeUndefined();
    expect(joiner.add('two', { index: 0, count: 2, text: 'x' })).toBeUndefined();
    expect(joiner.add('one', { index: 0, count: 3, text: 'a' })).toBeUndefined();
    expect(joiner.add('one', { index: 0, count: 3, text: 'a' })).toBeUndefined();
    expect(joiner.add('one', { index: 1, count: 3, text: 'b' })).toEqual({ text: 'abc' });
    expect(joiner.add('two', { index: 1, count: 2, text: 'y' })).toEqual({ text: 'xy' });
  });

  it('brings its bytes along, each in its place and once', () => {
    const all = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);
    const pieces = cutBytes(all);
    expect(pieces.map(({ length }) => length)).toEqual([262_144, 262_144, 75_712]);
    expect(cutBytes(new Uint8Array(0))).toEqual([]);
    const joiner = new Joiner(() => 0, 1_000);
    const add = (at: number) =>
      joiner.add('one', {
        index: at + 1,
        count: 4,
        bytes: pieces[at] ?? new Uint8Array(0),
        offset: at * 262_144,
        length: all.length,
      });
    expect([add(2), add(0), add(2)]).toEqual([undefined, undefined, undefined]);
    expect(joiner.add('one', { index: 0, count: 4, text: 'head' })).toBeUndefined();
    const whole = add(1);
    expect(whole?.text).toBe('head');
    expect(Buffer.from(whole?.bytes ?? []).equals(all)).toBe(true);
  });

  it('that is never completed is forgotten after a while', () => {
    let now = 0;
    const joiner = new Joiner(() => now, 1_000);
    joiner.add('lost', { index: 0, count: 2, text: 'a' });
    now = 2_000;
    joiner.add('other', { index: 0, count: 2, text: 'x' });
    expect(joiner.add('lost', { index: 1, count: 2, text: 'b' })).toBeUndefined();
  });
});
