import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, userType } from '../index.js';
import type { Attributes } from '../resource/resource.js';
import { applyPatch } from './apply.js';
import { readUserPatch } from '../patch/read-patch.js';
import { refusal } from '../refusal.contract.js';

const ada: Attributes = {
  userName: 'ada',
  displayName: 'Ada',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@work.example', type: 'work', primary: true }],
  [ENTERPRISE]: { department: 'R', manager: { value: 'm1' } },
};

/** Patches Ada over the wire: the operations travel as JSON. */
function patched(...operations: unknown[]): Attributes {
  const wire: unknown = JSON.parse(JSON.stringify(readUserPatch({ Operations: operations })));
  return applyPatch(userType, ada, wire as ReturnType<typeof readUserPatch>);
}

function without(name: string): Attributes {
  return Object.fromEntries(Object.entries(ada).filter(([each]) => each !== name));
}

const work = 'emails[type eq "work"].value';
const managerPath = `${ENTERPRISE}:manager`;

describe('a PATCH of a user', () => {
  it.each(['Replace', 'replace', 'Add', 'add', 'REPLACE'])('sets a single value with %s (Q2, Q3)', (op) => {
    expect(patched({ op, path: 'displayName', value: 'B' })).toEqual({ ...ada, displayName: 'B' });
  });

  it.each(['False', 'false', false])('sets active to %j as a boolean, and back (Q1, Q41)', (value) => {
    expect(patched({ op: 'Replace', path: 'active', value })).toEqual({ ...ada, active: false });
    expect(patched({ op: 'Add', path: 'ActiVe', value }, { op: 'Add', path: 'active', value: 'True' })).toEqual(ada);
  });

  it.each(['add', 'replace'])('creates with %s the element that a value path names (Q6)', (op) => {
    expect(patched({ op, path: 'phoneNumbers[type eq "mobile"].value', value: '+1' })).toEqual({
      ...ada,
      phoneNumbers: [{ type: 'mobile', value: '+1' }],
    });
  });

  it('fills one element from several value paths (Q7)', () => {
    const path = (sub: string) => `addresses[type eq "work"].${sub}`;
    expect(
      patched(
        { op: 'Add', path: path('formatted'), value: 'A' },
        { op: 'Replace', path: path('locality'), value: 'B' },
        { op: 'Add', path: path('region'), value: 'C' },
      ),
    ).toEqual({ ...ada, addresses: [{ type: 'work', formatted: 'A', locality: 'B', region: 'C' }] });
  });

  it('expands dotted names, URNs and objects under a URN in an operation without path (Q8)', () => {
    const value = {
      schemas: ['urn:x'],
      id: 'other',
      displayName: 'B',
      'name.givenName': 'K',
      [`${ENTERPRISE}:employeeNumber`]: 'E1',
      [ENTERPRISE]: { costCenter: 'C' },
    };
    expect(patched({ op: 'replace', value })).toEqual({
      ...ada,
      displayName: 'B',
      name: { givenName: 'K', familyName: 'Lovelace' },
      [ENTERPRISE]: { department: 'R', manager: { value: 'm1' }, employeeNumber: 'E1', costCenter: 'C' },
    });
  });

  it('takes value paths as keys in an operation without path (Q8, Q42)', () => {
    const value = { displayName: 'B', [work]: 'new@x', 'phoneNumbers[type eq "fax"].value': '+1' };
    expect(patched({ op: 'replace', value })).toEqual({
      ...ada,
      displayName: 'B',
      emails: [{ value: 'new@x', type: 'work', primary: true }],
      phoneNumbers: [{ type: 'fax', value: '+1' }],
    });
    expect(refusal(() => patched({ op: 'replace', value: { 'emails[type': 'x' } }))).toMatchObject({
      status: 400,
      scimType: 'invalidPath',
    });
  });

  it('keeps the siblings of a sub-attribute (Q59)', () => {
    const named = { ...ada, name: { givenName: 'K', familyName: 'Lovelace' } };
    expect(patched({ op: 'Add', path: 'name.givenName', value: 'K' })).toEqual(named);
    expect(patched({ op: 'Replace', path: 'name', value: { GivenName: 'K' } })).toEqual(named);
  });

  it.each<[string, string, unknown]>([
    ['a text', managerPath, 'm2'],
    ['an object', managerPath, { value: 'm2' }],
    ['a list', 'manager', [{ $ref: 'http://x/Users/m2', value: 'm2' }]],
    ['a text at the odd path', `${ENTERPRISE}.manager`, 'm2'],
    ['a text at its value', `${managerPath}.value`, 'm2'],
  ])('sets the manager from %s (Q10)', (_, path, value) => {
    const led = { ...ada, [ENTERPRISE]: { department: 'R', manager: { value: 'm2' } } };
    expect(patched({ op: 'Add', path, value })).toEqual(led);
    expect(patched({ op: 'Replace', path, value })).toEqual(led);
  });

  it.each<[string, object]>([
    ['""', { op: 'Replace', path: managerPath, value: '' }],
    ['{value: ""}', { op: 'replace', path: managerPath, value: { value: '' } }],
    ['null', { op: 'Replace', path: managerPath, value: null }],
    ['an empty list', { op: 'Replace', path: managerPath, value: [] }],
    ['remove', { op: 'Remove', path: managerPath }],
    ['remove with the old value named', { op: 'remove', path: `${managerPath}[value eq "m1"]` }],
    ['remove with the old value named, without URN', { op: 'remove', path: 'manager[value eq "m1"]' }],
  ])('clears the manager by %s (Q12)', (_, operation) => {
    expect(patched(operation)).toEqual({ ...ada, [ENTERPRISE]: { department: 'R' } });
  });

  it('leaves no extension behind when its last attribute goes', () => {
    const core = without(ENTERPRISE);
    expect(patched({ op: 'remove', path: ENTERPRISE })).toEqual(core);
    expect(patched({ op: 'remove', path: managerPath }, { op: 'remove', path: `${ENTERPRISE}:department` })).toEqual(
      core,
    );
  });

  it('keeps a role that is a JSON document as text (Q14)', () => {
    const value = '{"id":"18d1","value":"25","displayName":"Role1234"}';
    expect(patched({ op: 'Add', path: 'roles', value: [{ value }] })).toEqual({ ...ada, roles: [{ value }] });
  });

  it('takes "True" in a value path as a boolean (Q15)', () => {
    const path = (sub: string) => `roles[primary eq "True"].${sub}`;
    expect(
      patched({ op: 'add', path: path('value'), value: 'admin' }, { op: 'add', path: path('display'), value: 'Admin' }),
    ).toEqual({ ...ada, roles: [{ primary: true, value: 'admin', display: 'Admin' }] });
  });

  it.each<[string, object]>([
    ['Remove, with the old value beside it (Q46)', { op: 'Remove', path: work, value: 'other@x' }],
    ['"" (Q47)', { op: 'replace', path: work, value: '' }],
    ['null (Q47)', { op: 'replace', path: work, value: null }],
    ['Remove of the element', { op: 'Remove', path: 'emails[type eq "work"]' }],
    ['Remove of the list', { op: 'Remove', path: 'emails' }],
    ['an empty list', { op: 'Replace', path: 'emails', value: [] }],
    ['Remove naming it in a list', { op: 'Remove', path: 'emails', value: [{ value: 'ada@work.example' }] }],
  ])('clears an e-mail address by %s', (_, operation) => {
    expect(patched(operation)).toEqual(without('emails'));
  });

  it.each([null, ''])('clears a single value by %j (Q47)', (value) => {
    const rest = without('displayName');
    expect(patched({ op: 'replace', path: 'displayName', value })).toEqual(rest);
    expect(patched({ op: 'Add', value: { displayName: value } })).toEqual(rest);
  });

  it('removes only what a list names', () => {
    expect(patched({ op: 'Remove', path: 'emails', value: [{ value: 'other@x' }] })).toEqual(ada);
    expect(patched({ op: 'Remove', path: 'emails', value: [] })).toEqual(ada);
  });

  it('moves primary to the element that is written last', () => {
    const home = { value: 'ada@home.example', type: 'home', primary: true };
    const moved = [{ value: 'ada@work.example', type: 'work', primary: false }, home];
    expect(patched({ op: 'add', path: 'emails', value: [home] }).emails).toEqual(moved);
    expect(
      patched(
        { op: 'add', path: 'emails', value: { ...home, primary: false } },
        { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' },
      ).emails,
    ).toEqual(moved);
  });

  it.each<[string, object[]]>([
    ['no operations (Q56)', []],
    ['an element that is there already', [{ op: 'add', path: 'emails', value: ada.emails }]],
    ['an unknown attribute (Q34)', [{ op: 'add', path: 'shoeSize', value: 44 }]],
    ['an unknown sub-attribute', [{ op: 'add', path: 'emails[type eq "work"].colour', value: 'x' }]],
    ['an unknown extension (Q48)', [{ op: 'add', path: 'urn:example:custom:2.0:User:tag', value: 'x' }]],
    [
      'readOnly attributes',
      [
        { op: 'replace', path: 'id', value: 'x' },
        { op: 'remove', path: 'meta.created' },
        { op: 'add', path: 'groups', value: [] },
      ],
    ],
    ['a password', [{ op: 'replace', path: 'password', value: 'secret' }]],
    [
      'removing what is not there (Q28)',
      [
        { op: 'remove', path: 'title' },
        { op: 'remove', path: 'roles[value eq "x"].display' },
        { op: 'remove', path: 'manager[value eq "m9"]' },
      ],
    ],
    ['adding nothing', [{ op: 'add', path: 'emails', value: [] }]],
    [
      '__proto__',
      [
        { op: 'add', path: '__proto__', value: { x: 1 } },
        { op: 'add', path: 'name.__proto__', value: 'x' },
        { op: 'add', path: 'constructor.prototype', value: 'x' },
      ],
    ],
  ])('changes nothing for %s', (_, operations) => {
    expect(patched(...operations)).toEqual(ada);
    expect({}).not.toHaveProperty('x');
  });

  it('sets a sub-attribute of every element when no filter selects', () => {
    expect(patched({ op: 'replace', path: 'emails.type', value: 'other' }).emails).toEqual([
      { value: 'ada@work.example', type: 'other', primary: true },
    ]);
  });

  it('replaces an element as a whole, but keeps what the path says of it', () => {
    expect(patched({ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'new@x' } }).emails).toEqual([
      { type: 'work', value: 'new@x' },
    ]);
  });

  it('changes nothing at all when a later operation fails (Q57)', () => {
    const before = structuredClone(ada);
    expect(
      refusal(() => patched({ op: 'add', path: 'displayName', value: 'B' }, { op: 'remove', path: 'userName' })),
    ).toMatchObject({ status: 400, scimType: 'invalidValue', detail: 'userName is required.' });
    expect(ada).toEqual(before);
  });

  it('creates nothing from a filter that describes no single element', () => {
    expect(
      refusal(() => patched({ op: 'add', path: 'emails[type eq "home" or type eq "other"].value', value: 'x' })),
    ).toMatchObject({ status: 400, scimType: 'noTarget' });
    expect(refusal(() => patched({ op: 'replace', path: 'manager[value eq "m9"].value', value: 'x' }))).toMatchObject({
      scimType: 'noTarget',
    });
  });
});

describe('a primary value', () => {
  const emails = [
    { value: 'a', type: 'work', primary: true },
    { value: 'b', type: 'home', primary: false },
  ];
  const after = (operation: object) =>
    applyPatch(userType, { userName: 'ada', emails }, readUserPatch({ Operations: [operation] })).emails;

  it('gives way to another that is added beside it, also when it is named again', () => {
    const value = [
      { value: 'c', primary: true },
      { value: 'a', type: 'work' },
    ];
    expect(after({ op: 'add', path: 'emails', value })).toEqual([
      { value: 'a', type: 'work', primary: false },
      { value: 'b', type: 'home', primary: false },
      { value: 'c', primary: true },
    ]);
  });

  it('stays so when something else of it is written', () => {
    expect(after({ op: 'replace', path: 'emails[type eq "work"].value', value: 'd' })).toEqual([
      { value: 'd', type: 'work', primary: true },
      emails[1],
    ]);
  });

  it('is one even where an operation says so of several', () => {
    expect(after({ op: 'replace', path: 'emails[value pr].primary', value: true })).toEqual(emails);
    const both = emails.map((email) => ({ ...email, primary: true }));
    expect(after({ op: 'replace', path: 'emails', value: both })).toEqual(emails);
  });
});
