import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, userType } from '../index.js';
import { pathOf, resolve } from './target.js';

describe('an attribute name', () => {
  it.each([
    ['USERNAME', 'userName'],
    ['Name.FamilyName', 'name.familyName'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName', 'userName'],
    ['meta.Created', 'meta.created'],
    ['manager', `${ENTERPRISE}:manager`],
    [`${ENTERPRISE}.manager`, `${ENTERPRISE}:manager`],
    [`${ENTERPRISE.toUpperCase()}:MANAGER.VALUE`, `${ENTERPRISE}:manager.value`],
  ])('%s means %s (Q37)', (text, path) => {
    const target = resolve(userType, text);
    expect(target && pathOf(target)).toBe(path);
  });

  it.each([
    'shoeSize',
    'name.colour',
    'userName.value',
    '__proto__',
    'constructor',
    'toString',
    `${ENTERPRISE}:userName`,
    `${ENTERPRISE}x:manager`,
  ])('%s means nothing', (text) => expect(resolve(userType, text)).toBeUndefined());
});
