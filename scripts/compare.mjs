// `npm run compare`: one recorded run of the simulator, everything mixed (`--chaos`), played again to Roster and to scim2-server,
// another SCIM server; each kind of difference between their answers must be one that test/compare/known.json explains.
// Options: --users, --groups, --members, --cycles, --seed; --all also shows what is explained, --json all of it as JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences } from '../test/compare/differences.mjs';
import { partner } from '../test/compare/partner.mjs';
import { readRecording, replay } from '../test/compare/replay.mjs';
import { embedded } from '../test/conformance/systems.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    ...{ users: text('40'), groups: text('5'), members: text('8'), cycles: text('3'), seed: text('1126') },
    ...{ all: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  },
});
const known = JSON.parse(readFileSync('test/compare/known.json', 'utf8')).map(({ kind, because }) => ({
  kind: new RegExp(`^(?:${kind})$`),
  because,
}));
const explanationOf = (kind) => known.find((each) => each.kind.test(kind))?.because;

async function on(system, work) {
  const running = await system();
  try {
    return await work(running);
  } finally {
    await running.end();
  }
}

function record({ url, token }, file) {
  const sizes = ['users', 'groups', 'members', 'cycles', 'seed'].flatMap((name) => [`--${name}`, values[name]]);
  const args = ['--url', url, ...sizes, '--chaos', '--concurrency', '1', '--record', file];
  const env = { ...process.env, SCIM_TOKEN: token };
  const { status, stderr } = spawnSync(process.execPath, ['dist/apps/entra-simulator/src/main.js', ...args], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`the run that should be recorded failed: ${stderr}`);
}

const folder = mkdtempSync(join(tmpdir(), 'roster-compare-'));
const file = join(folder, 'run.jsonl');
try {
  await on(embedded, (roster) => record(roster, file));
  const exchanges = readRecording(file);
  const ours = await on(embedded, (roster) => replay(exchanges, roster));
  const theirs = await on(partner, (server) => replay(exchanges, server));
  // The replay itself is proved by Roster: what it answered the first time, it answers again.
  const again = differences(
    ours.map((each) => ({ ...each, answer: each.recorded })),
    ours,
  );
  const { same, following, kinds } = differences(ours, theirs);
  const told = kinds.map((each) => ({ ...each, because: explanationOf(each.kind) }));
  const unexplained = told.filter(({ because }) => because === undefined);
  if (values.json) console.log(JSON.stringify(told, null, 1));
  else
    for (const { count, kind, because } of values.all ? told : unexplained)
      console.log(`${count} × ${kind}${because ? `\n    ${because}` : ''}`);
  console.error(
    `${exchanges.length} requests: ${same} answered alike, ${following} differ because of an earlier difference, ${kinds.length} kinds of difference, ${unexplained.length} of them not explained; Roster a second time: ${again.same} alike, ${again.kinds.length} kinds of difference`,
  );
  for (const { count, kind } of again.kinds) console.error(`  Roster a second time: ${count} × ${kind}`);
  process.exitCode = unexplained.length === 0 && again.kinds.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
