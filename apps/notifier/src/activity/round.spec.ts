import type { Entry } from '../log/entry.js';
import { baseName } from './base-name.js';
import { roundsOf } from './round.js';

const acme = '0197a000-0000-7000-8000-000000000001';
let seconds = 0;

function entry(some: Partial<Entry> = {}): Entry {
  seconds += 1;
  return {
    id: `id-${seconds}`,
    at: new Date(Date.parse('2026-03-01T10:00:00Z') + seconds * 1000),
    directory: acme,
    keyId: 'k3y0000001',
    method: 'POST',
    path: '/v2/Users',
    query: null,
    resourceType: 'User',
    target: 'ada',
    status: 201,
    scimType: null,
    detail: null,
    failureClass: null,
    durationMs: 1,
    correlationId: 'c',
    clientAddress: null,
    userAgent: null,
    count: 1,
    leftOut: [],
    touched: undefined,
    request: null,
    ...some,
  };
}

const failed = (some: Partial<Entry> = {}) =>
  entry({
    status: 400,
    scimType: 'invalidValue',
    failureClass: 'invalid-value',
    detail: 'title must be a text.',
    ...some,
  });
const patch = (some: Partial<Entry>) => ({ method: 'PATCH', path: '/v2/Users/1', target: '1', ...some });
const left = (...entries: Entry[]) =>
  [...(roundsOf(entries)[0]?.groups.values() ?? [])].map(({ targets }) => [...targets.keys()]);

beforeEach(() => (seconds = 0));

describe('a round of requests', () => {
  it('is added up by directory and minute, and leaves out what is nobody’s', () => {
    const [first, ...rest] = roundsOf([entry(), failed(), failed({ count: 40 }), entry({ directory: null })]);
    expect(rest).toEqual([]);
    expect([...(first?.minutes.values() ?? [])]).toEqual([{ operations: 42, failures: 41, written: 1 }]);
  });

  it('groups failures by what they are about, with the first three that differ as examples', () => {
    const names = ['ada', 'ada', 'bob', 'eve', 'kim'];
    const [round] = roundsOf([
      ...names.map((target) => failed({ target })),
      failed({ detail: 'userName is required.' }),
    ]);
    const [title, userName] = [...(round?.groups.values() ?? [])];
    expect(title).toMatchObject({ failures: 5, subject: { attribute: 'title' } });
    expect(title?.examples.map(({ target }) => target)).toEqual(['ada', 'bob', 'eve']);
    expect(userName).toMatchObject({ failures: 1, subject: { attribute: 'userName' } });
  });
});

describe('what failed', () => {
  it('works again when the same succeeds later, not when another does', () => {
    expect(left(failed(), entry({ target: 'bob' }))).toEqual([['User ada']]);
    expect(left(failed(), entry({ target: 'ADA' }))).toEqual([[]]);
    expect(left(failed(), entry(), failed())).toEqual([['User ada']]);
    expect(left(failed(), entry({ method: 'GET' }))).toEqual([['User ada']]);
  });

  it('of one attribute works again when that attribute is written, or all of them', () => {
    const fails = failed(patch({ touched: ['title'] }));
    expect(left(fails, entry(patch({ touched: ['manager'] })))).toEqual([['User 1']]);
    expect(left(fails, entry(patch({ touched: ['urn:ietf:params:scim:schemas:core:2.0:User:title'] })))).toEqual([[]]);
    expect(left(failed(patch({})), entry({ ...patch({}), method: 'PUT' }))).toEqual([[]]);
  });

  it('of a key works again when any request gets through', () => {
    const refused = entry({ status: 401, failureClass: 'key-expired', method: 'GET', target: null });
    expect(left(refused)).toEqual([['key k3y0000001']]);
    expect(left(refused, entry({ method: 'GET', target: null }))).toEqual([[]]);
  });

  it('of a token works again when any request gets through, and is no operation of provisioning', () => {
    const refused = failed({ path: '/oauth2/token', keyId: 'rc_1', failureClass: 'client-secret-wrong', count: 900 });
    expect(left(refused)).toEqual([['key rc_1']]);
    expect(left(refused, entry())).toEqual([[]]);
    const [round] = roundsOf([refused]);
    expect([...(round?.minutes.values() ?? [])]).toEqual([{ operations: 0, failures: 0, written: 0 }]);
    expect(round?.lastKeyRefusedAt).toEqual(refused.at);
  });

  it('of a manager or of members is a reference, as Entra counts', () => {
    const targets = (some: Partial<Entry>) =>
      [...(roundsOf([failed(some)])[0]?.groups.values() ?? [])][0]?.targets.values().next().value;
    expect(targets(patch({ touched: ['urn:x:2.0:User:manager'] }))?.isReference).toBe(true);
    expect(targets(patch({ resourceType: 'Group', touched: ['members[value eq "1"]'] }))?.isReference).toBe(true);
    expect(targets(patch({ touched: ['manager', 'title'] }))?.isReference).toBe(false);
    expect(targets({})?.isReference).toBe(false);
  });
});

describe('the attribute that a path leads to', () => {
  it.each([
    ['emails[type eq "work"].value', 'emails'],
    ['name.givenName', 'name'],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'department'],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', null],
    ['Title', 'title'],
    ['', null],
  ])('of %j is %j', (path, wanted) => {
    expect(baseName(path)).toBe(wanted);
  });
});
