import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, groupType, type Resource, userType } from '../index.js';
import { project, wants } from './project.js';

const ada: Resource = {
  schemas: ['s'],
  id: '1',
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'L' },
  emails: [{ value: 'a@b', type: 'work' }, { type: 'home' }],
  [ENTERPRISE]: { department: 'R', manager: { value: 'm1' } },
  meta: { created: 'c', version: 'v' },
};
const always = { schemas: ['s'], id: '1' };

describe('a projection', () => {
  it.each<[string, object]>([
    ['id', {}],
    ['USERNAME, meta', { userName: 'ada', meta: ada.meta }],
    ['name.givenName', { name: { givenName: 'Ada' } }],
    ['name.givenName,name', { name: ada.name }],
    ['emails.value', { emails: [{ value: 'a@b' }] }],
    ['emails[type eq "work, or ]"]', { emails: ada.emails }],
    ['emails[type eq "work"].value', { emails: [{ value: 'a@b' }] }],
    [`${ENTERPRISE}:department`, { [ENTERPRISE]: { department: 'R' } }],
    [ENTERPRISE, { [ENTERPRISE]: ada[ENTERPRISE] }],
    ['manager', { [ENTERPRISE]: { manager: { value: 'm1' } } }],
    ['shoeSize,__proto__', {}],
    ['[[["', {}],
  ])('to %s', (attributes, rest) => expect(project(userType, ada, { attributes })).toEqual({ ...always, ...rest }));

  it('leaves out what is excluded, but never id and schemas', () => {
    const excludedAttributes = `emails,name.familyName,${ENTERPRISE}:manager,meta,id,schemas`;
    expect(project(userType, ada, { excludedAttributes })).toEqual({
      ...always,
      userName: 'ada',
      name: { givenName: 'Ada' },
      [ENTERPRISE]: { department: 'R' },
    });
  });

  it('changes nothing when nothing is asked', () => {
    expect(project(userType, ada, { attributes: '', excludedAttributes: ' ' })).toEqual(ada);
  });

  it.each([
    [{ excludedAttributes: 'Members' }, false],
    [{ excludedAttributes: 'members.display' }, true],
    [{ attributes: 'displayName' }, false],
    [{ attributes: 'members.value' }, true],
    [{}, true],
  ])('tells from %j whether members are wanted (Q24)', (query, wanted) => {
    expect(wants(groupType, 'members', query)).toBe(wanted);
  });
});
