import fc from 'fast-check';
import {
  applyPatch,
  checkLimits,
  type Filter,
  filterToSql,
  groupType,
  matches,
  parseFilter,
  project,
  readGroup,
  readGroupPatch,
  readUser,
  readUserPatch,
  ScimError,
  USER_TABLE,
  userType,
} from './index.js';

const dangerous = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const known = [
  'userName',
  'name',
  'name.givenName',
  'emails',
  'value',
  'type',
  'primary',
  'manager',
  'members',
  'active',
  'roles',
];
const key = fc.oneof(fc.constantFrom(...dangerous, ...known, 'Operations', 'op', 'path'), fc.string());
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string({ unit: 'binary' }),
    fc.constantFrom('True', '', 'add', null, true, 1e308),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 5 })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
          ) as unknown,
      ),
  ),
})).value;

const word = fc.oneof(
  fc.constantFrom(
    ...known,
    ...dangerous,
    'eq',
    'ne',
    'co',
    'pr',
    'gt',
    'and',
    'or',
    'not',
    '(',
    ')',
    '[',
    ']',
    '.value',
    '"x"',
    '"work"',
    'true',
    'null',
    '"',
  ),
  fc.string(),
);
const text = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 8 }).map((words) => words.join('')),
);
const operation = fc.record(
  {
    op: fc.constantFrom('add', 'Replace', 'remove'),
    path: fc.oneof(
      fc.constantFrom(...known, 'emails[type eq "work"].value', 'roles[primary eq "True"]', 'members[value eq "a"]'),
      text,
    ),
    value: junk,
  },
  { requiredKeys: ['op'] },
);

/** Gives what the work gives, or undefined when it refuses; any other error is a failure. */
function orRefused<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

describe('junk', () => {
  const prototype = Object.getOwnPropertyNames(Object.prototype).sort();
  afterEach(() => expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototype));

  it('as a body is read or refused', () => {
    fc.assert(
      fc.property(junk, (body) => {
        for (const read of [checkLimits, readUser, readGroup, readUserPatch, readGroupPatch])
          orRefused(() => read(body));
        orRefused(() => readUser({ userName: 'ada', name: body, emails: body, manager: body }));
      }),
      { numRuns: 500 },
    );
  });

  it('as PATCH operations is applied or refused, and gives canonical attributes', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 6 }), (Operations) => {
        const group = orRefused(() => readGroupPatch({ Operations }));
        if (group) orRefused(() => applyPatch(groupType, { displayName: 'G' }, group.operations));
        const operations = orRefused(() => readUserPatch({ Operations }));
        const after = operations && orRefused(() => applyPatch(userType, { userName: 'ada' }, operations));
        if (after) expect(readUser(after)).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('as a filter is understood or refused, by predicate and SQL alike', () => {
    fc.assert(
      fc.property(text, junk, (written, resource) => {
        project(userType, { id: '1', userName: 'ada' }, { attributes: written, excludedAttributes: written });
        const filter: Filter | undefined = orRefused(() => parseFilter(written));
        if (filter === undefined) return;
        const test = orRefused(() => matches(userType, filter));
        const sql = orRefused(() => filterToSql(userType, filter, USER_TABLE, 1));
        expect(test === undefined).toBe(sql === undefined);
        test?.({ userName: 'ada', emails: [{ value: 'x' }], name: resource as string });
      }),
      { numRuns: 1000 },
    );
  });
});
