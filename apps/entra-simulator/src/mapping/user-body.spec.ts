import { randomFrom } from '../random.js';
import { sourceAfter } from '../source/source-after.js';
import { ENTERPRISE_SCHEMA, type ScimObject } from './scim-object.js';
import { newUserBody } from './user-body.js';
import { wantedAttributes } from './user-mapping.js';

const bodies: ScimObject[] = [...sourceAfter(1, { users: 200, groups: 0, members: 0 }, 1).users.values()].map((user) =>
  newUserBody(wantedAttributes(user, { roles: 'none', customs: [] }), randomFrom(user.objectId)),
);
const text = JSON.stringify(bodies);

describe('the body of a create', () => {
  it('names both schemas and has an empty list of roles', () => {
    for (const { schemas, roles } of bodies) {
      expect(schemas).toContain(ENTERPRISE_SCHEMA);
      expect(roles).toEqual([]);
    }
  });

  it('has active as a boolean or as a text', () => {
    expect(new Set(bodies.map(({ active }) => active))).toEqual(new Set([true, 'True']));
  });

  it('has an e-mail address of type work, the primary one', () => {
    expect(text).toContain('{"primary":true,"type":"work","value":"');
  });

  it('has nulls, read-only dates and capitalised keys now and then', () => {
    expect(text).toContain('"phoneNumbers":null');
    expect(text).toContain('"manager":null');
    expect(text).toContain('"lastModified"');
    expect(text).toContain('"Primary":true');
    expect(text).toContain('"Department"');
  });
});
