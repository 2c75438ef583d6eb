import type { Attribute, Extension } from '../index.js';

const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const MINE = 'urn:acme:2.0:User';
const of = (type: Attribute['type'], more: Partial<Attribute> = {}): Attribute => ({ type, description: '', ...more });

/** What the directory of the fuzz run has of its own: an attribute of each type, and lists of them. */
export const OWN: readonly Extension[] = [
  {
    id: MINE,
    resourceType: 'User',
    name: 'Own',
    description: '',
    attributes: {
      text: of('string', { caseExact: true }),
      flag: of('boolean'),
      floor: of('integer'),
      share: of('decimal'),
      hired: of('dateTime'),
      home: of('reference', { caseExact: true }),
      site: of('complex', { of: { city: of('string'), zip: of('integer') } }),
      skills: of('string', { multiValued: true }),
      marks: of('decimal', { multiValued: true }),
      days: of('dateTime', { multiValued: true }),
      sites: of('complex', { multiValued: true, of: { city: of('string'), zip: of('integer') } }),
    },
    withdrawn: { secret: of('string') },
  },
  { id: 'urn:acme:Group', resourceType: 'Group', name: 'Own', description: '', attributes: { members: of('integer') } },
];

/** Filters as clients send them, and at the limits. */
export const FILTERS: readonly string[] = [
  'userName eq "ada@example.com"',
  'externalId eq jyoung',
  'emails[type eq "work" and value co "@example.com"].value eq "x" or name.familyName sw "O\'M"',
  `${URN}:employeeNumber eq "7" and not (active eq false)`,
  'meta.lastModified gt "2011-05-13T04:42:34Z" and (userType ne "x" or roles[primary eq "True"])',
  'id eq 54D382A4-2050-4C03-94D1-E769F1D15682 and manager eq 2819c223-7f76-453a-919d-413861904646',
  'title pr and groups.value eq "a" or x509Certificates.value ew "=" or schemas eq "x"',
  `${MINE}:floor gt 3 and ${MINE}:hired lt "2024-05-01" or ${MINE}:share eq "0.5" or ${MINE}:flag eq true`,
  `${MINE}:skills[value sw "s"] and ${MINE}:marks eq 1e3 or not (${MINE}:days ge "2020-01-01") or ${MINE}:site[zip eq 5]`,
  'urn:acme:Group:members eq 3 or skills.value eq "x" or sites[city pr and zip ne 1]',
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
  ...[MINE, 'floor', 'skills', 'marks', 'days', 'sites', 'site', 'secret', '2024-02-30T00:00:00Z', '-1.5e3'],
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
    [MINE]: {
      ...{ text: 'T', flag: 'True', floor: '3', share: 0.5, hired: '2024-05-01T12:00:00+02:00', home: '/x' },
      ...{ site: { city: 'B', zip: '5' }, skills: ['a', { value: 'b' }], marks: ['1', 2], days: '2024-05-01' },
      sites: [{ city: 'B' }, { zip: 1 }],
    },
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
  { op: 'Add', path: `${MINE}:skills`, value: ['c'] },
  { op: 'Remove', path: `${MINE}:marks`, value: ['1'] },
  { op: 'replace', path: `${MINE}:skills[value eq "a"].value`, value: 'z' },
  { op: 'remove', path: `${MINE}:marks[value gt 1]` },
  {
    op: 'replace',
    value: { [`${MINE}:site.zip`]: '7', [`${MINE}.hired`]: '2024-05-01', [MINE]: { floor: 8, sites: [] } },
  },
  { op: 'add', path: 'phoneNumbers', value: [{ type: 'work', value: '+1', primary: true }] },
];
