import { applyPatch, readUser, readUserPatch, userType } from '../index.js';
import { refusal } from '../refusal.contract.js';

// How long such things take is measured by test/worst-case.e2e.spec.ts; this is what becomes of them.
const many = <Item>(count: number, make: (place: number) => Item) => Array.from({ length: count }, (_, at) => make(at));
const emails = many(1_000, (at) => ({ value: `${at}@x`, type: 'work' }));
const full = readUser({ userName: 'ada', emails });
const patch = (...Operations: object[]) => applyPatch(userType, full, readUserPatch({ Operations }));

describe('a PATCH at the limits', () => {
  it('is refused whole when it compares more than a request may', () => {
    const terms = many(50, (at) => `value co "${at}!"`).join(' or ');
    const operations = many(900, () => ({ op: 'remove', path: `emails[${terms}]` }));
    expect(refusal(() => patch(...operations))).toMatchObject({ status: 400, scimType: 'tooMany' });
    const lists = many(150, () => ({ op: 'add', path: 'roles', value: many(1_000, (at) => `${at}`) }));
    expect(refusal(() => patch(...lists))).toMatchObject({ status: 400, scimType: 'tooMany' });
  });

  it('removes a thousand values of a thousand, and only those', () => {
    const value = emails.slice(1);
    expect(patch({ op: 'remove', path: 'emails', value }).emails).toEqual([emails[0]]);
    const other = emails.map((email) => ({ ...email, type: 'home' }));
    expect(patch({ op: 'remove', path: 'emails', value: other }).emails).toEqual(emails);
  });

  it('changes a hundred of a thousand by value paths, whatever the case', () => {
    const operations = many(100, (at) => ({ op: 'replace', path: `emails[value eq "${at}@X"].display`, value: 'd' }));
    expect(patch(...operations).emails).toEqual(
      emails.map((email, at) => (at < 100 ? { ...email, display: 'd' } : email)),
    );
  });

  it('adds a thousand values one by one', () => {
    const operations = many(1_000, (at) => ({ op: 'add', path: 'roles', value: [{ value: `${at}` }] }));
    expect(patch(...operations).roles).toHaveLength(1_000);
  });
});
