import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../index.js';
import { readUser } from './read-resource.js';
import { refusal } from '../refusal.contract.js';

const ada = { userName: 'Ada@Example.com' };

function refused(body: unknown, scimType: string, text: RegExp): void {
  expect(refusal(() => readUser(body))).toMatchObject({ status: 400, scimType, detail: expect.stringMatching(text) });
}

describe('the body of a new user', () => {
  it('is kept letter for letter (Q58)', () => {
    const body = {
      externalId: ' 0a21 ',
      userName: 'Ada@Example.com',
      name: { formatted: 'Ada  Lovelace', familyName: 'Lovelace', givenName: 'Ada' },
      active: true,
      emails: [{ value: 'ADA@example.com', type: 'work', primary: true }],
      phoneNumbers: [{ value: '+1 425 555 0100', type: 'work' }],
    };
    expect(readUser({ schemas: [USER_SCHEMA], ...body })).toEqual(body);
  });

  it.each(['True', 'true', 'TRUE', true])('takes %j as active (Q1)', (active) => {
    expect(readUser({ ...ada, active })).toEqual({ ...ada, active: true });
  });

  it.each(['False', 'false', false])('takes %j as not active (Q1)', (active) => {
    expect(readUser({ ...ada, active })).toEqual({ ...ada, active: false });
  });

  it('has one primary value of a list at most: the first that is sent as such', () => {
    const emails = [{ value: 'a' }, { value: 'b', primary: true }, { value: 'c', primary: 'True' }];
    expect(readUser({ ...ada, emails }).emails).toEqual([
      { value: 'a' },
      { value: 'b', primary: true },
      { value: 'c', primary: false },
    ]);
  });

  it('may spell names in any case (Q37)', () => {
    const body = {
      USERNAME: 'ada',
      Emails: [{ Value: 'a@b', Primary: 'True' }],
      [ENTERPRISE.toUpperCase()]: { Department: 'R' },
    };
    expect(readUser(body)).toEqual({
      userName: 'ada',
      emails: [{ value: 'a@b', primary: true }],
      [ENTERPRISE]: { department: 'R' },
    });
  });

  it.each([
    ['a text', 'm1'],
    ['an object', { value: 'm1' }],
    ['an object in another case', { Value: 'm1', $ref: null, displayName: 'Mia' }],
    ['a list', [{ $ref: 'http://x/Users/m1', value: 'm1' }]],
  ])('may have a manager as %s (Q10, Q13)', (_, manager) => {
    expect(readUser({ ...ada, [ENTERPRISE]: { manager } })).toEqual({
      ...ada,
      [ENTERPRISE]: { manager: { value: 'm1' } },
    });
  });

  it('has nothing of what is null, empty or "" (Q35, Q47)', () => {
    const empty = {
      title: null,
      nickName: '',
      roles: [],
      addresses: null,
      emails: [{ value: null }],
      name: {},
      manager: null,
    };
    expect(readUser({ ...ada, ...empty, [ENTERPRISE]: { department: null, manager: { value: '' } } })).toEqual(ada);
  });

  it('leaves out what is unknown, readOnly or secret, and never refuses it (Q30, Q34, Q48)', () => {
    const ignored = {
      id: 'mine',
      meta: { created: 1 },
      groups: 'none',
      password: 'secret',
      shoeSize: 44,
      'urn:example:custom:2.0:User': { tag: 'x' },
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0User': { department: 'typo' },
    };
    expect(readUser({ ...ada, ...ignored })).toEqual(ada);
  });

  it('keeps two addresses of one type, a role without value, and a role that is JSON (Q14, Q35, Q36)', () => {
    const emails = [
      { value: 'a@b', type: 'work', primary: true },
      { value: 'c@d', type: 'work', primary: false },
    ];
    const roles = [{ type: 'App' }, { value: '{"id":"1","value":"25"}' }];
    expect(readUser({ ...ada, emails, roles })).toEqual({ ...ada, emails, roles });
  });

  it('understands dotted names and names with a URN (Q8)', () => {
    const body = { ...ada, 'name.givenName': 'Ada', [`${ENTERPRISE}:department`]: 'R' };
    expect(readUser(body)).toEqual({ ...ada, name: { givenName: 'Ada' }, [ENTERPRISE]: { department: 'R' } });
  });

  it.each([null, [], 'text', 5])('cannot be %j', (body) => refused(body, 'invalidSyntax', /object/));

  it.each<[string, object, RegExp]>([
    ['no userName', { displayName: 'Ada' }, /^userName is required/],
    ['an empty userName', { userName: '' }, /^userName is required/],
    ['a number as userName', { userName: 5 }, /^userName must be a text/],
    ['a text as active', { ...ada, active: 'maybe' }, /^active must be a boolean/],
    ['a text as name', { ...ada, name: 'Ada' }, /^name must be an object/],
    ['a text as emails', { ...ada, emails: 'a@b' }, /^emails must be a list/],
    ['a number in emails', { ...ada, emails: [{ value: 5 }] }, /^emails\.value must be a text/],
    ['a number as department', { ...ada, [ENTERPRISE]: { department: 5 } }, /:department must be a text/],
    ['an extension that is a text', { ...ada, [ENTERPRISE]: 'x' }, /must be an object/],
    ['a character no text can have', { ...ada, title: 'a\0b' }, /^title holds characters/],
    ['half a surrogate pair', { ...ada, title: '\ud800' }, /^title holds characters/],
    ['a userName too long for an index', { userName: 'x'.repeat(801) }, /^userName is longer than 800/],
    [
      'an endless list',
      { ...ada, roles: Array.from({ length: 1001 }, () => ({ value: 'r' })) },
      /^roles has more than/,
    ],
  ])('cannot have %s', (_, body, text) => refused(body, 'invalidValue', text));

  it('cannot reach Object.prototype', () => {
    const body: unknown = JSON.parse(
      '{"userName":"ada","__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"name":{"__proto__":{"x":1}}}',
    );
    expect(readUser(body)).toEqual({ userName: 'ada' });
    expect({}).not.toHaveProperty('x');
  });
});
