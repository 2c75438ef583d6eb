const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Filters as clients send them, and at the limits. */
export const FILTERS: readonly string[] = [
  'userName eq "ada@example.com"',
  'externalId eq jyoung',
  'emails[type eq "work" and value co "@example.com"].value eq "x" or name.familyName sw "O\'M"',
  `${URN}:employeeNumber eq "7" and not (active eq false)`,
  'meta.lastModified gt "2011-05-13T04:42:34Z" and (userType ne "x" or roles[primary eq "True"])',
  'id eq 54D382A4-2050-4C03-94D1-E769F1D15682 and manager eq 2819c223-7f76-453a-919d-413861904646',
  'title pr and groups.value eq "a" or x509Certificates.value ew "=" or schemas eq "x"',
  '((((((((userName pr))))))))',
  Array.from({ length: 64 }, (_, place) => `title eq "${place}"`).join(' or '),
  `displayName eq "${'\\u00e9'.repeat(330)}"`,
  `not (${'not ('.repeat(6)}title pr${')'.repeat(6)})`,
];

/** Pieces that mean something to a parser, and names that have hurt others. */
export const PIECES: readonly string[] = [
  ...['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'and', 'or', 'not', 'null', 'true', '"True"'],
  ...['(', ')', '[', ']', '"', '\\', '.', ':', ' ', ',', '+', '%', '{', '}', '\0', '\ud800', 'İ', 'ß', '😀'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'members', 'emails', 'value', 'type', 'active', URN],
  ...['1e309', '-0', '9'.repeat(30), '2011-05-13', '0000-00-00T00:00:00Z', 'W/"1"', 'bulkId:a', '$ref', 'meta', 'id'],
];

export const USERS: readonly object[] = [
  { userName: 'ada' },
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', URN],
    userName: 'ada@example.com',
    externalId: 'x',
    active: 'True',
    name: { givenName: 'Ada', familyName: 'L', formatted: null },
    emails: [
      { type: 'work', value: 'a@x', primary: true },
      { type: 'home', value: 'b@x' },
    ],
    roles: [{ value: '{"id":"1"}' }, { type: 'x' }],
    addresses: [{ type: 'work', locality: 'L', primary: 'False' }],
    [URN]: { department: 'D', manager: { value: 'm' } },
    'name.middleName': 'M',
    meta: { resourceType: 'User', version: 'x' },
    password: 'x',
  },
];

export const GROUPS: readonly object[] = [
  { displayName: 'G', members: [{ value: 'a', $ref: null }, 'b', { value: 'c', type: 'Group' }] },
];

export const OPERATIONS: readonly object[] = [
  { op: 'Replace', path: 'active', value: 'False' },
  { op: 'Add', path: 'emails[type eq "work"].value', value: 'c@x' },
  { op: 'replace', path: 'roles[primary eq "True"].display', value: 'x' },
  { op: 'remove', path: 'emails[not (value pr)]' },
  { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] },
  { op: 'remove', path: 'members[value eq "a" or value eq "b"]' },
  {
    op: 'replace',
    value: { displayName: 'B', 'name.givenName': 'K', [`${URN}:department`]: 'S', [URN]: { division: 'x' } },
  },
  { op: 'Add', path: `${URN}:manager`, value: 'm' },
  { op: 'add', path: URN, value: { costCenter: '1' } },
  { op: 'add', path: 'name', value: { givenName: 'X' } },
  { op: 'replace', path: 'members', value: [{ value: 'x' }] },
  { op: 'add', path: 'phoneNumbers', value: [{ type: 'work', value: '+1', primary: true }] },
];
