import {
  applyPatch,
  builtInTypes,
  changesBetween,
  type Extension,
  filterToSql,
  matches,
  parseFilter,
  project,
  readGroup,
  readGroupPatch,
  readUser,
  readUserPatch,
  sortKey,
  toResource,
  typesWith,
  USER_TABLE,
  userType,
  withoutWithdrawn,
} from '../index.js';
import { refusal } from '../refusal.contract.js';

const URN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
const TEAM = 'urn:acme:Group';
const attribute = { description: '' };

const own: Extension = {
  id: URN,
  resourceType: 'User',
  name: 'CustomUser',
  description: '',
  attributes: {
    floor: { type: 'integer', ...attribute },
    share: { type: 'decimal', ...attribute },
    hired: { type: 'dateTime', ...attribute },
    skills: { type: 'string', multiValued: true, ...attribute },
    groups: { type: 'string', ...attribute },
  },
  withdrawn: { secret: { type: 'string', ...attribute } },
};
const team: Extension = {
  id: TEAM,
  resourceType: 'Group',
  name: 'CustomGroup',
  description: '',
  attributes: { members: { type: 'integer', ...attribute } },
};
const { User, Group } = typesWith([own, team]);
const stored = { id: '1', version: 1, created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z' };

const read = (values: object) => readUser({ userName: 'ada', [URN]: values }, User)[URN];
const patch = (before: object, ...Operations: object[]) =>
  applyPatch(User, { userName: 'ada', [URN]: { ...before } }, readUserPatch({ Operations }, User))[URN];

describe('a directory without extensions of its own', () => {
  it('has the built-in types, and not a copy of them', () => expect(typesWith([])).toBe(builtInTypes));
});

describe('an extension', () => {
  it('is known where it is handed in and nowhere else', () => {
    expect(User.extensions.map(({ id }) => id)).toEqual([...userType.extensions.map(({ id }) => id), URN]);
    expect(Group.extensions).toEqual([team]);
    expect(readUser({ userName: 'ada', [URN]: { floor: 'x' } })).toEqual({ userName: 'ada' });
  });

  it.each([
    ['floor', '7', 7],
    ['floor', ' -7 ', -7],
    ['floor', 2e3, 2000],
    ['floor', -0, 0],
    ['share', '1.5e1', 15],
    ['share', 0.1, 0.1],
    ['hired', '2024-05-13T04:42:34.5+02:00', '2024-05-13T04:42:34.5+02:00'],
    ['hired', '2024-05-13T04:42', '2024-05-13T04:42:00.000Z'],
    ['hired', '2024-05-13t04:42:34z', '2024-05-13T04:42:34.000Z'],
    ['skills', 'sql', ['sql']],
    ['skills', ['b', 'a', 'b', '', null], ['b', 'a']],
    ['skills', [{ Value: 'a' }], ['a']],
  ])('reads %s %j', (name, raw, value) => expect(read({ [name]: raw })).toEqual({ [name]: value }));

  it.each([
    ['floor', '7.5'],
    ['floor', 2 ** 53],
    ['floor', '0x10'],
    ['floor', {}],
    ['share', 'NaN'],
    ['share', '1e999'],
    ['share', true],
    ['hired', '2023-02-29T00:00:00Z'],
    ['hired', '2024-05-13T04:42:34+99:00'],
    ['hired', 1715561000],
    ['skills', [['a']]],
    ['skills', [{ display: 'a' }]],
    ['skills', Array.from({ length: 1_001 }, (_, at) => `${at}`)],
  ])('refuses %s %j, naming it', (name, raw) => {
    expect(refusal(() => read({ [name]: raw }))).toMatchObject({
      scimType: 'invalidValue',
      detail: expect.stringContaining(`${URN}:${name} `),
    });
  });

  it('may have names that mean something else in the core schema', () => {
    const { attributes, members } = readGroup({ displayName: 'G', members: ['u1'], [TEAM]: { members: '2' } }, Group);
    expect({ attributes, members }).toEqual({
      attributes: { displayName: 'G', [TEAM]: { members: 2 } },
      members: ['u1'],
    });
    const patched = readGroupPatch({ Operations: [{ op: 'add', path: `${TEAM}:members`, value: 3 }] }, Group);
    expect([patched.operations.length, patched.members]).toEqual([1, []]);
    expect(sortKey(User, `${URN}:groups`, USER_TABLE)).toBeDefined();
  });

  it('has lists that are sets', () => {
    const path = `${URN}:skills`;
    expect(patch({ skills: ['a'] }, { op: 'add', path, value: ['a', 'b'] })).toEqual({ skills: ['a', 'b'] });
    expect(patch({ skills: ['a', 'b'] }, { op: 'remove', path: `${path}[value eq "A"]` })).toEqual({ skills: ['b'] });
    expect(patch({ skills: ['a', 'b'] }, { op: 'remove', path, value: 'b' })).toEqual({ skills: ['a'] });
    expect(patch({ skills: ['a'] }, { op: 'replace', path: `${path}[value eq "x"]`, value: 'y' })).toEqual({
      skills: ['a', 'y'],
    });
    expect(patch({ skills: ['a'] }, { op: 'replace', path, value: '' })).toBeUndefined();
    expect(patch({ skills: ['a'] }, { op: 'add', path: `${path}[type eq "x"]`, value: 'y' })).toEqual({
      skills: ['a'],
    });
    const many = Array.from({ length: 600 }, (_, at) => `${at}`);
    const more = many.map((each) => `x${each}`);
    expect(refusal(() => patch({ skills: many }, { op: 'add', path, value: more }))).toMatchObject({
      scimType: 'invalidValue',
    });
  });

  it('says what changed: each attribute, the order of a list not among it', () => {
    const before = { [URN]: { floor: 1, skills: ['a', 'b'] } };
    expect(changesBetween(User, before, { [URN]: { floor: 2, skills: ['b', 'a'] } })).toEqual([
      { path: `${URN}:floor`, before: 1, after: 2 },
    ]);
  });

  it('is shown, its URN among the schemas, and cut down by name', () => {
    const attributes = { userName: 'ada', [URN]: { floor: 1, skills: ['a'], secret: 's' } };
    const resource = toResource(User, { ...stored, attributes }, '');
    expect(resource).toMatchObject({ schemas: [userType.schema.id, URN], [URN]: { floor: 1, skills: ['a'] } });
    expect(JSON.stringify(resource)).not.toContain('secret');
    expect(project(User, resource, { attributes: `${URN}:Floor` })[URN]).toEqual({ floor: 1 });
  });
});

describe('a filter on an extension', () => {
  const ada = { [URN]: { floor: 10, share: 0.5, hired: '2024-05-01T12:00:00+02:00', skills: ['sql', 'Go'] } };
  const sql = (filter: string) => filterToSql(User, parseFilter(filter), USER_TABLE, 1);

  it.each([
    ['floor eq 10', true],
    ['floor eq "10.0"', true],
    ['floor gt 9', true],
    ['floor lt 9', false],
    ['floor ne 10', false],
    ['share le 0.5', true],
    ['hired eq "2024-05-01T10:00:00Z"', true],
    ['skills eq "go"', true],
    ['skills.value eq "go"', true],
    ['skills[value sw "s"]', true],
    ['skills[value sw "s" and value ew "o"]', false],
    ['skills[type pr]', false],
    ['skills pr', true],
    ['secret pr', false],
  ])('%s: %s', (filter, holds) => expect(matches(User, parseFilter(`${URN}:${filter}`))(ada)).toBe(holds));

  it.each(['floor eq "ten"', 'floor co 1', 'share sw 0', 'hired eq "soon"', 'floor[value eq 1]'])(
    'refuses %s',
    (filter) => {
      expect(refusal(() => sql(`${URN}:${filter}`))).toMatchObject({ status: 400, scimType: 'invalidFilter' });
    },
  );

  it('in SQL compares as the type says, and looks twice before it takes a value for a number, a date or a list', () => {
    const number = sql(`${URN}:floor gt "9"`);
    expect(number.values).toEqual(['9']);
    expect(number.text).toBe(
      `(case when pg_input_is_valid((r.attributes->'${URN}'->>'floor'), 'numeric') then (r.attributes->'${URN}'->>'floor')::numeric end) > $1::numeric`,
    );
    expect(sql(`${URN}:hired gt "2024-01-01"`).text).toContain(`'timestamptz') then date_trunc('milliseconds',`);
    expect(sql(`${URN}:skills eq "x"`).text).toContain(
      `case when jsonb_typeof(r.attributes->'${URN}'->'skills') = 'array'`,
    );
    expect(sortKey(User, `${URN}:floor`, USER_TABLE)?.type).toBe('numeric');
    expect(sortKey(User, `${URN}:hired`, USER_TABLE)?.type).toBe('timestamptz');
  });
});

describe('what a directory has withdrawn', () => {
  it('is left out of its resources, with the extension when nothing else is in it', () => {
    const attributes = { userName: 'ada', [URN]: { secret: 's' } };
    expect(withoutWithdrawn(User, attributes)).toEqual({ userName: 'ada' });
    expect(withoutWithdrawn(User, { ...attributes, [URN]: { secret: 's', floor: 1 } })).toEqual({
      userName: 'ada',
      [URN]: { floor: 1 },
    });
  });

  it('costs nothing where there is nothing to leave out', () => {
    const attributes = { userName: 'ada', [URN]: { floor: 1 } };
    expect(withoutWithdrawn(userType, attributes)).toBe(attributes);
  });
});
