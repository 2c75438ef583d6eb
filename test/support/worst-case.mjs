// Times the worst that fits into the limits, in plain Node on the built room: Jest's sandbox slows globals several times over.
// Prints one line of JSON: name → milliseconds of the fastest of a few goes, since a pause of the machine is not the input's.
import {
  applyPatch,
  changesBetween,
  checkLimits,
  filterToSql,
  matches,
  orderBulk,
  parseFilter,
  readBulk,
  readGroupPatch,
  readUser,
  readUserPatch,
  referencesIn,
  ScimError,
  USER_TABLE,
  userType,
} from '../../dist/libs/scim/src/index.js';

const BODY_BYTES_MAX = 1024 * 1024;
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));
const emails = many(1_000, (at) => ({ value: `${at}@x`, type: 'work' }));
const full = readUser({ userName: 'ada', emails });
const orOf = (count) => many(count, (at) => `value eq "${at}!"`).join(' or ');
const coOf = (count) => many(count, (at) => `value co "${at}!"`).join(' or ');

const patches = {
  'additions to a list': many(1_000, (at) => ({ op: 'add', path: 'roles', value: [{ value: `${at}!` }] })),
  'lists of plain texts': many(150, () => ({ op: 'add', path: 'roles', value: many(1_000, (at) => `${at}`) })),
  'replacements of a list': many(1_000, () => ({ op: 'replace', path: 'emails', value: emails.slice(0, 3) })),
  'removals by value': many(1_000, (at) => ({ op: 'remove', path: 'emails', value: [{ value: `${at}@x` }] })),
  'value paths': many(1_000, (at) => ({ op: 'replace', path: `emails[value eq "${at}@x"].display`, value: 'd' })),
  'value paths that say no': many(1_000, () => ({ op: 'remove', path: 'emails[not (value pr)]' })),
  'value paths with 50 values': many(900, () => ({ op: 'remove', path: `emails[${orOf(50)}]` })),
  'value paths with 50 comparisons': many(900, () => ({ op: 'remove', path: `emails[${coOf(50)}]` })),
  'one removal of 1,000': [{ op: 'remove', path: 'emails', value: emails }],
  'one addition of 1,000': [{ op: 'add', path: 'emails', value: emails.map(({ value }) => ({ value, display: 'd' })) }],
  'dotted keys': many(1_000, (at) => ({ op: 'replace', value: { 'name.givenName': `${at}`, title: 't' } })),
};
const filters = {
  'comparisons of a list': many(64, (at) => `emails.value co "${at}!"`).join(' or '),
  'comparisons inside one value path': `emails[${coOf(60)}]`,
  'one long word': 'x'.repeat(2_048),
  'nothing but brackets': '('.repeat(2_048),
  'a search for almost nothing': `title co "${'a'.repeat(1_000)}b"`,
};

function fastest(work) {
  let best = Infinity;
  for (let go = 0; go < 9; go++) {
    const from = performance.now();
    try {
      work();
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
    }
    best = Math.min(best, performance.now() - from);
  }
  return Math.round(best * 100) / 100;
}

const found = {};
for (const [name, Operations] of Object.entries(patches)) {
  const text = JSON.stringify({ Operations });
  if (text.length > BODY_BYTES_MAX) throw new Error(`${name} does not fit into a request`);
  found[`PATCH, ${name}`] = fastest(() => {
    const body = JSON.parse(text);
    checkLimits(body);
    changesBetween(userType, full, applyPatch(userType, full, readUserPatch(body)));
  });
}
for (const [name, text] of Object.entries(filters)) {
  found[`filter, ${name}`] = fastest(() => {
    const filter = parseFilter(text);
    filterToSql(userType, filter, USER_TABLE, 1);
    matches(userType, filter)(full);
  });
}
for (const [name, list] of Object.entries({
  turned: emails.toReversed(),
  other: emails.map(({ value }) => ({ value: `${value}!` })),
})) {
  const after = readUser({ userName: 'ada', emails: list });
  found[`PUT, a list ${name}`] = fastest(() => changesBetween(userType, full, after));
}
const members = many(1_000, (at) => ({ op: 'add', path: 'members', value: many(9, (place) => `${at}-${place}`) }));
found['PATCH, 9,000 members'] = fastest(() => readGroupPatch({ Operations: members }));
const chain = many(1_000, (at) => ({
  method: 'POST',
  path: '/Groups',
  bulkId: `${at}`,
  data: { members: [`bulkId:${at + 1}`] },
}));
found['bulk, a chain of 1,000'] = fastest(() => {
  const { operations } = readBulk({ Operations: chain });
  orderBulk(operations.map((each) => [...referencesIn(each)].map(Number).filter((place) => place < 1_000)));
});
console.log(JSON.stringify(found));
