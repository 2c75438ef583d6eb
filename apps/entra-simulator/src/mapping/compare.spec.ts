import { differences, managerIn, memberIdsIn } from './compare.js';
import { ENTERPRISE_SCHEMA } from './scim-object.js';

const wanted = new Map([
  ['title', 'Engineer'],
  ['name.givenName', 'Ada'],
  ['phoneNumbers[type eq "mobile"].value', undefined],
  [`${ENTERPRISE_SCHEMA}:department`, 'Research'],
]);

const ada = {
  title: 'Engineer',
  nickName: 'not in the mapping',
  name: { givenName: 'Ada' },
  phoneNumbers: [{ type: 'work', value: '1' }],
  [ENTERPRISE_SCHEMA]: { department: 'Research' },
};

describe('the comparison', () => {
  it('finds nothing where everything is as it was sent', () => {
    expect(differences(wanted, ada)).toEqual([]);
  });

  it('is verbatim', () => {
    expect(differences(wanted, { ...ada, title: 'engineer ' })).toEqual([
      { path: 'title', wanted: 'Engineer', found: 'engineer ' },
    ]);
  });

  it('sees what has to be cleared, and takes null and empty for absent', () => {
    const mobile = (value: unknown) => ({ ...ada, phoneNumbers: [{ type: 'mobile', value }] });
    expect(differences(wanted, mobile('2'))).toMatchObject([{ wanted: undefined, found: '2' }]);
    expect(differences(wanted, mobile(''))).toEqual([]);
    expect(differences(wanted, mobile(null))).toEqual([]);
  });

  it('reads the manager from the object form only', () => {
    expect(managerIn({ [ENTERPRISE_SCHEMA]: { manager: { value: '42' } } })).toBe('42');
    expect(managerIn({ [ENTERPRISE_SCHEMA]: { manager: { value: '' } } })).toBeUndefined();
    expect(managerIn({})).toBeUndefined();
  });

  it('reads members as a set of ids', () => {
    expect(memberIdsIn({ members: [{ value: '1' }, { value: '2' }] })).toEqual(new Set(['1', '2']));
    expect(memberIdsIn({})).toEqual(new Set());
  });
});
