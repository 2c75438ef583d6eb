import { prefixEnd } from './prefix.js';

const order = (text: string) => Buffer.from(text);
const last = '\u{10ffff}';

describe('where the texts with a prefix end', () => {
  it.each([
    ['a', 'b'],
    ['ada', 'adb'],
    ['z\u007f', 'z\u0080'],
    ['\ud7ff', '\ue000'],
    ['😀', '😁'],
    [`a${last}`, 'b'],
    [`a${last}${last}`, 'b'],
  ])('%j ends before %j', (prefix, end) => expect(prefixEnd(prefix)).toBe(end));

  it.each(['', last, `${last}${last}`])('%j ends after all that an index holds', (prefix) => {
    expect(Buffer.compare(order(prefixEnd(prefix)), order(last.repeat(400)))).toBe(1);
  });

  it('is well-formed and right behind whatever begins with the prefix', () => {
    for (const prefix of ['', 'a', 'İ', '\ud7ff', 'x\uffff', last]) {
      const end = prefixEnd(prefix);
      expect(end.isWellFormed()).toBe(true);
      for (const more of ['', 'a', '\uffff', last]) {
        expect(Buffer.compare(order(prefix + more), order(end))).toBe(-1);
      }
    }
  });
});
