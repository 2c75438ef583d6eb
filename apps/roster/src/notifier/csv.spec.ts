import { csvLine } from './csv.js';

describe('a line of CSV', () => {
  it('quotes what would break it', () => {
    expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', 409, null])).toBe('a,"b,c","say ""x""","two\nlines",409,');
  });

  it('marks as text what a spreadsheet would run', () => {
    expect(csvLine(['=cmd|x!A1', '+1', '-1', '@x', 'plain'])).toBe("'=cmd|x!A1,'+1,'-1,'@x,plain");
  });
});
