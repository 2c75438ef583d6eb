import { readGroup } from './read-resource.js';
import { refusal } from '../refusal.contract.js';

describe('the body of a new group', () => {
  it("is taken with Microsoft's second schema (Q30)", () => {
    const body = {
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:Group',
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
      ],
      externalId: '8aa1',
      displayName: 'Research',
      meta: { resourceType: 'Group' },
    };
    expect(readGroup(body)).toEqual({ attributes: { externalId: '8aa1', displayName: 'Research' }, members: [] });
  });

  it.each<[string, unknown, string[]]>([
    [
      'a list of objects',
      [
        { $ref: null, value: 'a' },
        { Value: 'b', display: 'B' },
      ],
      ['a', 'b'],
    ],
    ['a list of texts', ['a', 'b'], ['a', 'b']],
    ['one object', { value: 'a' }, ['a']],
    ['one text', 'a', ['a']],
    ['the same one twice', [{ value: 'a' }, { value: 'a' }], ['a']],
    ['entries without a value', [{ value: null }, {}, null], []],
    ['nothing', null, []],
  ])('may have %s as members (Q29)', (_, members, ids) => {
    expect(readGroup({ displayName: 'Research', members })).toEqual({
      attributes: { displayName: 'Research' },
      members: ids,
    });
  });

  it.each([
    {},
    { displayName: '' },
    { displayName: 5 },
    { displayName: 'x', members: 5 },
    { displayName: 'x', members: [{ value: 5 }] },
  ])('cannot be %j', (body) =>
    expect(refusal(() => readGroup(body))).toMatchObject({ status: 400, scimType: 'invalidValue' }),
  );
});
