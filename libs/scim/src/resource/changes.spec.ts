import { type Attributes, ENTERPRISE_USER_SCHEMA as ENTERPRISE, userType } from '../index.js';
import { changesBetween, isSame } from './changes.js';

const ada: Attributes = {
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'L' },
  emails: [{ value: 'a@b', type: 'work' }, { value: 'c@d' }],
  [ENTERPRISE]: { department: 'R', manager: { value: 'm1' } },
};

describe('the changes of a user', () => {
  it('are told attribute by attribute', () => {
    const after: Attributes = {
      userName: 'ADA',
      displayName: 'Ada',
      name: { givenName: 'Ada' },
      emails: [{ value: 'a@b', type: 'work' }],
      [ENTERPRISE]: { department: 'S' },
    };
    expect(changesBetween(userType, ada, after)).toEqual([
      { path: 'userName', before: 'ada', after: 'ADA' },
      { path: 'name.familyName', before: 'L' },
      { path: 'emails', before: ada.emails, after: after.emails },
      { path: `${ENTERPRISE}:department`, before: 'R', after: 'S' },
      { path: `${ENTERPRISE}:manager`, before: { value: 'm1' } },
      { path: 'displayName', after: 'Ada' },
    ]);
  });

  it('are none when only the order differs', () => {
    const after: Attributes = {
      ...ada,
      emails: [{ value: 'c@d' }, { type: 'work', value: 'a@b' }],
      name: { familyName: 'L', givenName: 'Ada' },
    };
    expect(isSame(userType, ada, after)).toBe(true);
    expect(changesBetween(userType, ada, after)).toEqual([]);
  });

  it('see that one of two equal elements is gone', () => {
    const twice = { ...ada, emails: [{ value: 'a@b' }, { value: 'a@b' }] };
    expect(isSame(userType, twice, { ...ada, emails: [{ value: 'a@b' }, { value: 'c@d' }] })).toBe(false);
  });
});
