import type { Failure } from '../activity/failure.js';
import { causeOf } from './cause.js';
import { letter } from './letter.js';
import { counted } from './tally.js';

const taken: Failure = {
  id: '0197a000-0000-7000-8000-00000000000a',
  directory: '0197a000-0000-7000-8000-000000000001',
  at: '2026-03-01T10:00:01.000Z',
  method: 'POST',
  path: '/Users',
  target: 'ada@example.com',
  status: 409,
  scimType: 'uniqueness',
  detail: 'userName is taken',
};
const hindered: Failure = { ...taken, at: '2026-03-01T10:00:04.000Z', status: 503, scimType: null, detail: null };

describe('a tally', () => {
  it('counts each kind of failure, remembers when, and keeps three examples of each', () => {
    const tally = counted(counted(undefined, [taken, taken, taken]), [hindered, taken]);
    expect(tally).toMatchObject({ failures: 5, firstAt: taken.at, lastAt: hindered.at });
    expect(tally.kinds.map(({ status, failures, examples }) => [status, failures, examples.length])).toEqual([
      [409, 4, 3],
      [503, 1, 1],
    ]);
  });
});

describe('a letter', () => {
  const { subject, text, html } = letter('Acme', counted(undefined, [hindered, taken, taken]));

  it('says what failed, how often, since when and to which directory', () => {
    expect(subject).toBe('Provisioning to Acme: 3 requests failed');
    expect(text).toContain('3 requests to the directory "Acme" failed between 2026-03-01 10:00:01 UTC and');
    expect(text).toMatch(/2 × 409 uniqueness[\s\S]+1 × 503/);
  });

  it('gives examples, the probable cause, and what to do on either side', () => {
    expect(text).toContain('POST /Users (ada@example.com): 409 uniqueness, userName is taken');
    expect(text).toMatch(/Probable cause: .+\n {2}In Entra: .+\n {2}In Roster: .+/);
  });

  it('says the same in HTML, with nothing in it that comes from outside as HTML', () => {
    expect(html).toContain('<h2>2 × 409 uniqueness</h2>');
    const nasty = letter('<b>&"', counted(undefined, [{ ...taken, target: '<img src=x onerror=alert(1)>' }]));
    expect(nasty.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(nasty.html).not.toMatch(/<img|<b>/);
  });

  it('has a subject of one line, whatever the directory is called', () => {
    const named = letter('Acme\r\nBcc: everyone@example.com\u2028', counted(undefined, [taken]));
    expect(named.subject).toBe('Provisioning to Acme Bcc: everyone@example.com: 1 request failed');
  });
});

describe('the probable cause', () => {
  it.each([
    [{ status: 409, scimType: 'uniqueness' }, /already has the same userName/],
    [{ status: 400, scimType: 'invalidValue' }, /value is missing/],
    [{ status: 400, scimType: 'invalidFilter' }, /searched by/],
    [{ status: 400, scimType: 'invalidPath' }, /does not have/],
    [{ status: 404, scimType: null }, /not in this directory/],
    [{ status: 401, scimType: null }, /expired or revoked/],
    [{ status: 403, scimType: null }, /may not do this/],
    [{ status: 413, scimType: null }, /larger than/],
    [{ status: 429, scimType: null }, /more often/],
    [{ status: 500, scimType: null }, /fault is on this side/],
    [{ status: 503, scimType: 'invalidValue' }, /fault is on this side/],
    [{ status: 418, scimType: 'constructor' }, /detail below/],
  ])('of %j is told in plain words', (kind, words) => {
    expect(causeOf(kind).cause).toMatch(words);
  });
});
