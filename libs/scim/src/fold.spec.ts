import { foldKey } from './fold.js';

describe('a folded key', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['ÉLODIE', 'élodie'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['İ', 'i'],
    ['𐐀', '𐐨'],
    [' Straße ', ' straße '],
  ])('of %j is %j', (text, key) => expect(foldKey(text)).toBe(key));

  it('is its own key', () => {
    const key = foldKey('ΣİÄ𐐀x');
    expect(foldKey(key)).toBe(key);
  });
});
