import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, groupType, type Resource, userType } from '../index.js';
import { parseFilter } from './parse.js';
import { matches } from './predicate.js';
import { refusal } from '../refusal.contract.js';

const ada: Resource = {
  id: '0190aaaa-0000-7000-8000-00000000000a',
  externalId: 'JYoung',
  userName: 'Ada@Example.com',
  displayName: 'Ada Lovelace',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'Ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  roles: [{ value: 'admin', primary: true }],
  groups: [{ value: 'g1' }, { value: 'g2' }],
  [ENTERPRISE]: { employeeNumber: 'E1', manager: { value: 'M-1' } },
  meta: {
    resourceType: 'User',
    created: '2024-05-01T10:00:00.000Z',
    lastModified: '2024-05-01T10:00:00.123Z',
    version: 'W/"3"',
  },
};

const finds = (filter: string) => matches(userType, parseFilter(filter))(ada);

describe('a filter', () => {
  it.each([
    'userName eq "ADA@EXAMPLE.COM"',
    'USERNAME sw "ada"',
    'displayName co "LOVE"',
    'userName ew ".COM"',
    'externalId eq JYoung',
    'id eq 0190AAAA-0000-7000-8000-00000000000A',
    'emails eq "ada@work.example"',
    'emails.value eq "ADA@HOME.example"',
    'emails[type eq "work"].value eq "ada@WORK.example"',
    'emails[type eq "work" and value co "work"]',
    'emails[type eq "home" and not (primary eq true)]',
    'emails.type ne "work"',
    'active eq true',
    'active eq "True"',
    'roles[primary eq "True"]',
    'name.familyName pr',
    'name[givenName eq "ada"]',
    'name pr and not (title pr)',
    'title eq null',
    'title ne "x"',
    'manager eq m-1',
    `${ENTERPRISE}:manager.value eq "M-1"`,
    `${ENTERPRISE.toLowerCase()}:EmployeeNumber eq "E1"`,
    `${ENTERPRISE} pr`,
    'id eq 0190aaaa-0000-7000-8000-00000000000a and manager eq M-1',
    'groups eq "g2"',
    'groups.value eq "g1"',
    'groups[value eq "g1"]',
    'meta.created eq "2024-05-01T12:00:00+02:00"',
    'meta.lastModified gt "2024-05-01T10:00:00Z"',
    'meta.version eq "W/\\"3\\""',
    'userName gt "ada" and userName lt "adb"',
    'shoeSize ne 44',
  ])('finds Ada: %s (Q15, Q18, Q19, Q25, Q37, Q38, Q51)', (filter) => expect(finds(filter)).toBe(true));

  it.each([
    'externalId eq "jyoung"',
    'emails[type eq "work"].value eq "ada@home.example"',
    'emails[type eq "home" and primary eq true]',
    'title pr',
    'active ne true',
    'roles[primary eq "False"]',
    'groups eq "g3"',
    'manager eq "m-2"',
    'shoeSize eq 44',
    'shoeSize pr',
    'constructor pr',
    'name.__proto__ pr',
    'meta.created lt "2024-05-01"',
  ])('does not find Ada: %s', (filter) => expect(finds(filter)).toBe(false));

  it.each([
    'active gt true',
    'active eq "maybe"',
    'meta.created co "2024"',
    'meta.created eq "yesterday"',
    'userName[value eq "x"]',
    'groups.$ref eq "x"',
    'password eq "secret"',
    'meta.location pr',
  ])('that does not fit its attribute is refused: %s', (filter) => {
    expect(refusal(() => finds(filter))).toMatchObject({ status: 400, scimType: 'invalidFilter' });
  });

  it('finds a group by member (1.5) and by name in any case', () => {
    const group = { id: 'g', displayName: 'Research', members: [{ value: 'u1' }, { value: 'u2' }] };
    const finds = (filter: string) => matches(groupType, parseFilter(filter))(group);
    expect(finds('members eq "u2" and displayName eq "RESEARCH"')).toBe(true);
    expect(finds('members[value eq "u1"]')).toBe(true);
    expect(finds('members.value eq "u3"')).toBe(false);
  });

  it('orders texts by code point, as the database does', () => {
    const finds = (filter: string) => matches(userType, parseFilter(filter))({ title: '\u{1F600}' });
    expect(finds('title gt "\uffff"')).toBe(true);
  });
});
