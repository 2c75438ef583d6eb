// `npm run bench:filters`: how long the directory service takes for a page of 100 and the total, by filter, on 100,000 users, and
// by what plan; and what each index costs those who write. One line of JSON for each, then the promises. Options: --users N
// --runs N --no-writes.
import { parseArgs } from 'node:util';
import { freshDatabase, startPostgres } from '../dist/libs/testing/src/index.js';
import { parseFilter } from '../dist/libs/scim/src/index.js';
import { findPage } from '../dist/apps/directory/src/store/pages.js';
import { DIRECTORY, fill, idOf } from './filters/directory.mjs';
import { questions } from './filters/questions.mjs';
import { writeCosts } from './filters/write-cost.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '60' },
    'no-writes': { type: 'boolean', default: false },
  },
});
const users = Number(values.users);
const runs = Number(values.runs);
const P95_MS_MAX = 20;

const at = (sorted, share) =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));

async function ask(database, { find = 'users', filter, sort, startIndex = 1 }, n) {
  const text = filter(n);
  const query = { find, startIndex, count: 100, withGroups: true, withMembers: false, ...(sort && { sort }) };
  return findPage(database, DIRECTORY, { ...query, filter: text === null ? null : parseFilter(text) });
}

/** The statements of a question, each with the plan that knows its values and the one that does not. */
async function plansOf(database, question) {
  const asked = [];
  const watched = Object.create(database);
  watched.query = (name, text, parameters) => {
    asked.push([text, parameters ?? []]);
    return database.query(name, text, parameters);
  };
  await ask(watched, question, 4_242);
  const lines = (rows) => rows.map((row) => row['QUERY PLAN']);
  const plans = [];
  for (const [text, parameters] of asked) {
    if (/directory_schema|group_member where|from group_member m join/.test(text)) continue;
    plans.push({
      custom: lines(await database.query('', `explain (costs off) ${text}`, parameters)),
      generic: lines(await database.query('', `explain (generic_plan, costs off) ${text}`)),
    });
  }
  return plans;
}

const postgres = await startPostgres();
const place = await freshDatabase(postgres.adminUrl);
let database;
try {
  const began = performance.now();
  database = await fill(place.url, users);
  console.error(`${users} users in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const [group, ...ids] = await Promise.all([
    idOf(database, 'group', 7),
    ...Array.from({ length: 500 }, (_, n) => idOf(database, 'user', n + 1)),
  ]);
  const promises = [];
  for (const question of questions({ users, group, memberOf: (n) => ids[n % ids.length] })) {
    const times = [];
    let total = 0;
    for (let run = -5; run < runs; run += 1) {
      const n = 1 + (((run + 5) * 7_919) % users);
      const from = performance.now();
      const page = await ask(database, question, n);
      const length = JSON.stringify(page).length;
      if (run >= 0 && length > 0) times.push(performance.now() - from);
      total = page.total;
    }
    times.sort((a, b) => a - b);
    const asked = [question.filter(4_242) ?? 'none', question.sort && `sorted by ${question.sort.by}`, question.says]
      .filter(Boolean)
      .join(', ');
    const found = { asked, total, p50: at(times, 0.5), p95: at(times, 0.95), plans: await plansOf(database, question) };
    console.log(JSON.stringify(found));
    if (question.promised) promises.push({ asked, p50: found.p50, p95: found.p95, holds: found.p95 <= P95_MS_MAX });
  }
  console.table(promises);
  await database.close();
  if (!values['no-writes']) console.table(await writeCosts(postgres.adminUrl, place.url));
  process.exitCode = promises.every(({ holds }) => holds) ? 0 : 1;
} finally {
  await place.drop();
  await postgres.stop();
}
