import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, GROUP_SCHEMA, groupType, USER_SCHEMA, userType } from '../index.js';
import { toResource } from './to-resource.js';

const kept = { id: 'u1', version: 3, created: '2024-01-01T00:00:00.000Z', lastModified: '2024-01-02T00:00:00.000Z' };

describe('a resource', () => {
  it('has everything in the order of the RFC', () => {
    const attributes = { [ENTERPRISE]: { manager: { value: 'm1' } }, active: true, userName: 'ada', externalId: 'e' };
    const user = toResource(userType, { ...kept, attributes, groups: [{ value: 'g1', display: 'G' }] }, 'https://x/v2');
    expect(Object.keys(user)).toEqual([
      'schemas',
      'id',
      'externalId',
      'userName',
      'active',
      'groups',
      ENTERPRISE,
      'meta',
    ]);
    expect(user).toEqual({
      schemas: [USER_SCHEMA, ENTERPRISE],
      id: 'u1',
      ...attributes,
      groups: [{ value: 'g1', $ref: 'https://x/v2/Groups/g1', display: 'G', type: 'direct' }],
      meta: {
        resourceType: 'User',
        created: kept.created,
        lastModified: kept.lastModified,
        location: 'https://x/v2/Users/u1',
        version: 'W/"3"',
      },
    });
  });

  it('names the extension only when it has values', () => {
    expect(toResource(userType, { ...kept, attributes: { userName: 'ada' } }, '').schemas).toEqual([USER_SCHEMA]);
  });

  it('lists the members it is given, users and groups (Q53), or none', () => {
    const stored = { ...kept, attributes: { displayName: 'R' } };
    const members = [{ value: 'u1' }, { value: 'g2', type: 'Group' }];
    expect(toResource(groupType, { ...stored, members }, 'b')).toMatchObject({
      schemas: [GROUP_SCHEMA],
      members: [
        { value: 'u1', $ref: 'b/Users/u1', type: 'User' },
        { value: 'g2', $ref: 'b/Groups/g2', type: 'Group' },
      ],
    });
    expect(toResource(groupType, stored, 'b')).not.toHaveProperty('members');
  });
});
