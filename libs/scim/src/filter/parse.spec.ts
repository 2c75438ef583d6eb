import { parseFilter } from './parse.js';
import { refusal } from '../refusal.contract.js';

const eq = (path: string, text: string, bare = false) => ({ kind: 'compare', path, op: 'eq', value: { text, bare } });

describe('a filter', () => {
  it.each<[string, unknown]>([
    ['userName eq "ada"', eq('userName', 'ada')],
    ['userName EQ "a\\"b\\\\c\\u00e9"', eq('userName', 'a"b\\cé')],
    ['externalId eq jyoung', eq('externalId', 'jyoung', true)],
    ['id eq 54D382A4-2050-4C03', eq('id', '54D382A4-2050-4C03', true)],
    ['title Pr', { kind: 'present', path: 'title' }],
    [
      'a eq 1 or b eq 2 AND c eq 3',
      { kind: 'or', terms: [eq('a', '1', true), { kind: 'and', terms: [eq('b', '2', true), eq('c', '3', true)] }] },
    ],
    [
      '(a eq 1 or b eq 2) and c eq 3',
      { kind: 'and', terms: [{ kind: 'or', terms: [eq('a', '1', true), eq('b', '2', true)] }, eq('c', '3', true)] },
    ],
    ['not(a eq 1)', { kind: 'not', term: eq('a', '1', true) }],
    ['emails[type eq "work"]', { kind: 'some', path: 'emails', where: eq('type', 'work') }],
    [
      'emails[type eq "work"].value eq "x"',
      { kind: 'some', path: 'emails', where: { kind: 'and', terms: [eq('type', 'work'), eq('value', 'x')] } },
    ],
    ['urn:x:2.0:User:manager.value eq "m"', eq('urn:x:2.0:User:manager.value', 'm')],
  ])('is read: %s', (text, filter) => expect(parseFilter(text)).toEqual(filter));

  it.each<[string, RegExp]>([
    ['', /position 1: it ends where an attribute name/],
    ['userName', /an operator should be/],
    ['userName eq', /position 12: it ends where a value/],
    ['userName xx "a"', /position 10: "xx" is not an operator/],
    ['userName eq "a" junk', /position 17: "junk" stands where the end/],
    ['userName eq "a', /position 13: the quote is never closed/],
    ['userName eq "\\x"', /not a JSON string/],
    ['userName eq "\\u0000"', /characters that no text/],
    ['userName eq "\\ud800"', /characters that no text/],
    ['(userName eq "a"', /"\)" should be/],
    ['userName eq "a")', /stands where the end/],
    ['emails[type eq "work"', /"\]" should be/],
    ['emails[type[a eq 1]]', /brackets cannot stand inside/],
    ['emails[type eq 1].a.b eq 1', /not a sub-attribute/],
    ['a..b eq 1', /not an attribute name/],
    ['"userName" eq "a"', /attribute name should be/],
    ['not userName eq "a"', /is not an operator/],
  ])('is refused: %s', (text, detail) => {
    expect(refusal(() => parseFilter(text))).toMatchObject({
      status: 400,
      scimType: 'invalidFilter',
      detail: expect.stringMatching(detail),
    });
  });

  it('may be nested 8 levels deep and no deeper', () => {
    const nested = (levels: number) => `${'('.repeat(levels)}a eq 1${')'.repeat(levels)}`;
    expect(parseFilter(nested(8))).toEqual(eq('a', '1', true));
    expect(() => parseFilter(nested(9))).toThrow(/nested deeper/);
    expect(() => parseFilter(nested(1000))).toThrow(/nested deeper/);
  });

  it('may have 64 comparisons and no more', () => {
    const long = (count: number) => Array.from({ length: count }, () => 'a eq 1').join(' or ');
    expect(() => parseFilter(long(64))).not.toThrow();
    expect(() => parseFilter(long(65))).toThrow(/more than 64 comparisons/);
  });

  it('may have 2,048 characters and no more', () => {
    const long = (length: number) => `a eq "${'x'.repeat(length - 7)}"`;
    expect(() => parseFilter(long(2048))).not.toThrow();
    expect(() => parseFilter(long(2049))).toThrow(/longer than 2048/);
  });
});
