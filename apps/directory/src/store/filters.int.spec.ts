import fc from 'fast-check';
import { type Database, migrate, openDatabase } from '#libs/postgres';
import {
  type Attribute,
  type Attributes,
  type AttributeSet,
  emailKeys,
  ENTERPRISE_USER_SCHEMA,
  type Extension,
  filterToSql,
  foldKey,
  GROUP_TABLE,
  matches,
  parseFilter,
  readGroup,
  readUser,
  type Reference,
  type ResourceType,
  ScimError,
  toResource,
  typesWith,
  USER_SCHEMA,
  USER_TABLE,
} from '#libs/scim';
import { freshDatabase } from '#libs/testing';
import { directoryMigrations } from './migrations.js';

const RUNS = Number(process.env.FILTER_RUNS ?? 2_500);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_126);
const DIRECTORY = '01900000-0000-7000-8000-000000000001';
const SCHEMA = 'public';

const OWN: Extension = {
  id: 'urn:acme:2.0:User',
  resourceType: 'User',
  name: 'Own',
  description: '',
  attributes: {
    badge: { type: 'string', caseExact: true, description: '' },
    floor: { type: 'integer', description: '' },
    share: { type: 'decimal', description: '' },
    hired: { type: 'dateTime', description: '' },
    flag: { type: 'boolean', description: '' },
    home: { type: 'reference', caseExact: true, description: '' },
    skills: { type: 'string', multiValued: true, description: '' },
    marks: { type: 'decimal', multiValued: true, description: '' },
    days: { type: 'dateTime', multiValued: true, description: '' },
    site: {
      type: 'complex',
      description: '',
      of: { city: { type: 'string', description: '' }, zip: { type: 'integer', description: '' } },
    },
    sites: {
      type: 'complex',
      multiValued: true,
      description: '',
      of: { city: { type: 'string', description: '' }, since: { type: 'dateTime', description: '' } },
    },
  },
};
const types = typesWith([OWN]);

/** What makes trouble: case, what folds oddly, SQL's, JSON's and LIKE's own characters, and what lies beyond the first plane. */
const TEXTS = [
  ...[
    'a',
    'A',
    'ab',
    'aB',
    'B',
    'É',
    'é',
    'ß',
    'ss',
    'İ',
    'i',
    'Σ',
    'ς',
    'σ',
    '%',
    '_',
    '\\',
    '"',
    "'",
    "';--",
    ' ',
    ' a',
  ],
  ...[
    'a b',
    '😀',
    '\uffff',
    '{2}',
    '[x]',
    '(y)',
    'null',
    'true',
    '1',
    '1.0',
    '2024-05-01',
    'work',
    'Work',
    'a@x',
    'A@X',
    '\u{10ffff}',
    '\t',
  ],
  // Longer than what the index by employeeNumber has of them.
  ...['é', 'É'].flatMap((letter) => [`${letter.repeat(210)}a`, `${letter.repeat(210)}b`]),
];
const NUMBERS = [-1.5, -1, 0, 0.1, 0.30000000000000004, 1, 2, 10, 9007199254740991, 1e21, 1e-7];
const DATES = [
  ...['2024-05-01T12:00:00Z', '2024-05-01T14:00:00+02:00', '2024-05-01T12:00:00.001Z', '2024-05-01T12:00:00.0019Z'],
  ...['2020-02-29T23:59:59-11:30', '2024-05-01', '0001-01-02T00:00:00Z', '9999-12-30T23:59:59.999Z'],
];

const pool: Record<Attribute['type'], readonly unknown[]> = {
  ...{ string: TEXTS, reference: TEXTS, binary: TEXTS, complex: TEXTS },
  ...{ boolean: [true, false], dateTime: DATES, decimal: NUMBERS, integer: NUMBERS.filter(Number.isSafeInteger) },
};

/** A body with some of the attributes of a set. */
function anyBody(set: AttributeSet): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(set)
    .filter(([, { mutability }]) => mutability !== 'readOnly')
    .map(([name, attribute]) => {
      const one: fc.Arbitrary<unknown> = attribute.of
        ? anyBody(attribute.of)
        : fc.constantFrom(...pool[attribute.type]);
      const value = attribute.multiValued ? fc.array(one, { maxLength: 3 }) : one;
      return [name, fc.option(value, { nil: undefined, freq: 3 })] as const;
    });
  return fc.record(Object.fromEntries(entries));
}

interface Known {
  type: ResourceType;
  table: 'users' | 'groups';
  id: string;
  attributes: Attributes;
  version: number;
  created: string;
  lastModified: string;
  groups?: Reference[];
  members?: Reference[];
}

const idOf = (kind: number, at: number) => `01900000-0000-7000-8000-${kind}${String(at).padStart(11, '0')}`;
const instant = (at: number) => new Date(Date.UTC(2024, 4, 1, 12) + (at % 7) * 1_000).toISOString();

const NAMES = [...new Map(TEXTS.map((name) => [foldKey(name), name])).values()];

function someUsers(count: number): Known[] {
  const bodies = fc.sample(
    fc.record({
      core: anyBody(types.User.schema.attributes),
      ...Object.fromEntries(types.User.extensions.map(({ id, attributes }) => [id, anyBody(attributes)])),
      externalId: fc.option(fc.constantFrom(...TEXTS), { nil: undefined, freq: 3 }),
    }),
    { numRuns: count, seed: SEED },
  );
  return bodies.map(({ core, ...rest }, at) => ({
    ...{
      type: types.User,
      table: 'users',
      id: idOf(1, at),
      version: 1 + (at % 3),
      created: instant(at),
      lastModified: instant(at * 3),
    },
    attributes: readUser({ ...core, ...rest, userName: NAMES[at] ?? `${TEXTS[at % TEXTS.length]}${at}` }, types.User),
    groups: [],
  }));
}

function someGroups(count: number, users: readonly Known[]): Known[] {
  return Array.from({ length: count }, (_, at): Known => {
    const { attributes } = readGroup(
      { displayName: NAMES[at] ?? '', ...(at % 2 === 0 && { externalId: TEXTS[at] }) },
      types.Group,
    );
    const id = idOf(2, at);
    const members = users.filter((__, place) => (place * 7 + at) % 11 < at % 5);
    for (const { groups } of members) groups?.push({ value: id, display: attributes.displayName as string });
    return {
      ...{
        type: types.Group,
        table: 'groups',
        id,
        attributes,
        version: 1,
        created: instant(at),
        lastModified: instant(at + 2),
      },
      members: members.map(({ id: value }) => ({ value, type: 'User' })),
    };
  });
}

const users = someUsers(150);
const groups = someGroups(20, users);

let place: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  database = openDatabase({ url: place.url, schema: SCHEMA });
  const fold = (value: unknown) => (typeof value === 'string' ? foldKey(value) : null);
  for (const { id, attributes, version, created, lastModified } of users) {
    await database.query('', 'insert into users values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
      ...[DIRECTORY, id, fold(attributes.userName), attributes.externalId, fold(attributes.displayName)],
      ...[emailKeys(attributes), attributes.active, version, created, lastModified, attributes],
    ]);
  }
  for (const { id, attributes, version, created, lastModified, members = [] } of groups) {
    const row = [
      DIRECTORY,
      id,
      fold(attributes.displayName),
      attributes.externalId,
      version,
      created,
      lastModified,
      attributes,
    ];
    await database.query('', 'insert into groups values ($1, $2, $3, $4, $5, $6, $7, $8)', row);
    for (const { value } of members) {
      await database.query('', `insert into group_member values ($1, $2, 'User', $3)`, [id, value, DIRECTORY]);
    }
  }
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

/** A filter that can be written with the first or the second of two values in each place. */
type Shape =
  | { is: 'leaf'; path: string; op: string; values: readonly [string, string] }
  | { is: 'present'; path: string }
  | { is: 'null'; path: string; op: 'eq' | 'ne' }
  | { is: 'and' | 'or'; terms: Shape[] }
  | { is: 'not'; term: Shape }
  | { is: 'some'; path: string; where: Shape; sub?: Shape };

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const IDS = [...users.slice(0, 3), ...groups.slice(0, 3)].map(({ id }) => id);

const URNS = [USER_SCHEMA, ENTERPRISE_USER_SCHEMA, OWN.id.toUpperCase(), 'urn'];

/** A value as a client may write it: quoted, bare where it is one word, now and then with escapes that say the same. */
const anyValue = ({ type }: Attribute, path: string): fc.Arbitrary<string> => {
  const values =
    path === 'schemas' ? URNS : /(?:^id|members|groups)(?:\.value)?$/.test(path) ? [...IDS, 'nobody'] : pool[type];
  const value = fc.constantFrom(...values);
  return fc.oneof(
    { weight: 6, arbitrary: value.map((each) => JSON.stringify(typeof each === 'string' ? each : String(each))) },
    {
      weight: 2,
      arbitrary: value.map((each) =>
        /^[\w.:+-]+$/.test(String(each)) && each !== 'null' ? String(each) : JSON.stringify(String(each)),
      ),
    },
    {
      weight: 1,
      arbitrary: value.map(
        (each) =>
          `"${Array.from({ length: String(each).length }, (_, at) => `\\u${String(each).charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`,
      ),
    },
  );
};

const anyCase = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
);

function leafOf(path: string, attribute: Attribute): fc.Arbitrary<Shape> {
  const leaf = attribute.of?.value ?? attribute;
  const value = anyValue(leaf, path);
  const isText =
    leaf.of === undefined && (leaf.type === 'string' || leaf.type === 'reference' || leaf.type === 'binary');
  const fitting = isText ? OPERATORS : leaf.type === 'boolean' ? ['eq', 'ne'] : ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
  // Now and then one that does not fit: both sides must refuse it.
  const op = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...fitting) },
    { weight: 1, arbitrary: fc.constantFrom(...OPERATORS) },
  );
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(op, value, value, anyCase).map(([written, a, b, cased]): Shape => ({
        is: 'leaf',
        path: cased(path),
        op: cased(written),
        values: [a, b],
      })),
    },
    { weight: 1, arbitrary: fc.constant<Shape>({ is: 'present', path }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('eq' as const, 'ne' as const).map((op): Shape => ({ is: 'null', path, op })),
    },
  );
}

interface Path {
  path: string;
  attribute: Attribute;
}

const partsOf = (prefix: string, of: AttributeSet): Path[] =>
  Object.entries(of)
    .filter(([, each]) => !each.unfilterable)
    .map(([name, attribute]) => ({ path: `${prefix}${name}`, attribute }));

const whole = (set: AttributeSet, prefix: string): Path[] =>
  partsOf(prefix, set).flatMap(({ path, attribute }) => [
    { path, attribute },
    ...partsOf(`${path}.`, attribute.of ?? {}),
  ]);

const text: Attribute = { type: 'string', description: '' };
const date: Attribute = { type: 'dateTime', description: '' };
const common: Path[] = [
  { path: 'id', attribute: text },
  { path: 'externalId', attribute: text },
  { path: 'meta.created', attribute: date },
  { path: 'meta.lastModified', attribute: date },
  { path: 'meta.version', attribute: text },
  { path: 'meta.resourceType', attribute: text },
  { path: 'schemas', attribute: { type: 'reference', multiValued: true, description: '' } },
  { path: 'shoeSize', attribute: text },
];

function anyShape({ schema, extensions }: ResourceType): fc.Arbitrary<Shape> {
  const paths = [
    ...common,
    ...whole(schema.attributes, ''),
    ...whole(schema.attributes, `${schema.id}:`),
    ...extensions.flatMap(({ id, attributes }) => [
      { path: id, attribute: { type: 'complex' as const, of: {}, description: '' } },
      ...whole(attributes, `${id}:`),
    ]),
  ];
  const leaf = fc.constantFrom(...paths).chain(({ path, attribute }) => leafOf(path, attribute));
  const some = fc
    .constantFrom(...paths.filter(({ attribute }) => attribute.of && Object.keys(attribute.of).length > 0))
    .chain(({ path, attribute }) => {
      const inside = fc
        .constantFrom(...partsOf('', attribute.of ?? {}))
        .chain((part) => leafOf(part.path, part.attribute));
      const where = nest(inside, 2);
      return fc.record({
        is: fc.constant('some' as const),
        path: fc.constant(path),
        where,
        sub: fc.option(inside, { nil: undefined, freq: 2 }),
      });
    });
  return nest(fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: some }), 3);
}

function nest(leaf: fc.Arbitrary<Shape>, maxDepth: number): fc.Arbitrary<Shape> {
  return fc.letrec<{ node: Shape }>((tie) => ({
    node: fc.oneof(
      { maxDepth, depthSize: 'small' },
      { weight: 3, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constantFrom('and' as const, 'or' as const),
          terms: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ is: fc.constant('not' as const), term: tie('node') }) },
    ),
  })).node;
}

function written(shape: Shape, which: 0 | 1, isInside = false): string {
  switch (shape.is) {
    case 'leaf':
      return `${shape.path} ${shape.op} ${shape.values[which]}`;
    case 'present':
      return `${shape.path} pr`;
    case 'null':
      return `${shape.path} ${shape.op} null`;
    case 'not':
      return `not (${written(shape.term, which)})`;
    case 'some':
      return `${shape.path}[${written(shape.where, which)}]${shape.sub === undefined ? '' : `.${written(shape.sub, which)}`}`;
    default: {
      const terms = shape.terms.map((term) => written(term, which, true)).join(` ${shape.is} `);
      return isInside ? `(${terms})` : terms;
    }
  }
}

/** What the work gives, or the refusal that it ends in. */
function orRefusal<Result>(work: () => Result): Result | { refused: string } {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return { refused: `${error.status} ${error.scimType}` };
    throw error;
  }
}

it.each([
  ['users', types.User, USER_TABLE, users],
  ['groups', types.Group, GROUP_TABLE, groups],
] as const)(
  `the predicate and the SQL of ${RUNS} filters choose the same %s, and only values change in it`,
  async (name, type, table, all) => {
    const resources = all.map((known) => toResource(type, known, ''));
    let hits = 0;
    let refusals = 0;
    const runs = name === 'users' ? RUNS : RUNS / 4;
    await fc.assert(
      fc.asyncProperty(anyShape(type), async (shape) => {
        const [first, second] = [written(shape, 0), written(shape, 1)];
        fc.pre(first.length <= 2_048 && second.length <= 2_048);
        const filter = parseFilter(first);
        const sql = orRefusal(() => filterToSql(type, filter, table, 2));
        const test = orRefusal(() => matches(type, filter));
        if ('refused' in sql || 'refused' in test) {
          refusals += 1;
          expect({ first, is: sql }).toEqual({ first, is: test });
          return;
        }
        const other = orRefusal(() => filterToSql(type, parseFilter(second), table, 2));
        if (!('refused' in other))
          expect({ first, second, text: other.text }).toEqual({ first, second, text: sql.text });
        const found = await database.query<{ id: string }>(
          '',
          `select r.id from ${name} r where r.directory_id = $1 and ${sql.text} order by r.id`,
          [DIRECTORY, ...sql.values],
        );
        const expected = resources.filter(test).map(({ id }) => id);
        expect({ first, sql, found: found.map(({ id }) => id) }).toEqual({ first, sql, found: expected });
        if (expected.length > 0 && expected.length < resources.length) hits += 1;
      }),
      { numRuns: runs, seed: SEED },
    );
    // Most of them tell some from others: a comparison that never holds would prove nothing.
    expect(hits).toBeGreaterThan(runs / 4);
    expect(refusals).toBeLessThan(runs / 10);
  },
  300_000,
);
