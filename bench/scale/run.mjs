// `npm run bench:scale`: what a create and a find cost with 1,000,000 users, beside what they cost with 1,000, and how long a restart
// takes. Two systems, each on a database of its own, run side by side and are loaded by turns of 0.4 s; ratios are taken
// between neighbouring turns.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { attributesOf, nameOf } from './fill.mjs';
import { makeFilled, oneProcess, services } from './system.mjs';

const run = promisify(execFile);
const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    slices: { type: 'string', default: '20' },
    connections: { type: 'string', default: '64' },
    shape: { type: 'string', default: 'both' },
    folder: { type: 'string' }, // kept, and filled only once
  },
});
const [users, rounds, slices, connections] = ['users', 'rounds', 'slices', 'connections'].map((name) =>
  Number(values[name]),
);
const SMALL = 1_000;
const NAMES = 2_000;
const SLICE_MS = 400;
const WARM_SLICES = 4;
const SHAPES = { process: oneProcess, services };

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const figures = new Map();
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), Number(value.toFixed(3))]);
const names = (count) =>
  Array.from({ length: Math.min(NAMES, count) }, (_, at) => nameOf(Math.floor((at * count) / Math.min(NAMES, count))));

/** Loads both by turns; gives what each did in each slice. */
async function load(few, many, kind, count) {
  const target = ({ url, token }, of) => ({ url, token, names: names(of) });
  const targets = [target(few, SMALL), target(many, users)];
  const options = { targets, kind, connections, slices: count, sliceMs: SLICE_MS };
  const { stdout } = await run('node', ['bench/scale/load.mjs', JSON.stringify(options)], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/** A new system with its 1,000 users, who come over HTTP. */
async function small(shape) {
  const folder = mkdtempSync(join(tmpdir(), 'roster-scale-'));
  if (shape === services) await makeFilled(folder, 0);
  const system = await shape(folder);
  await system.start('nobody');
  const headers = { authorization: `Bearer ${system.token}`, 'content-type': 'application/scim+json' };
  for (let at = 0; at < SMALL; at += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, more) => {
        const answer = await fetch(`${system.url}/Users`, {
          method: 'POST',
          headers,
          body: JSON.stringify(attributesOf(at + more)),
        });
        if (answer.status !== 201) throw new Error(`a user was answered ${answer.status}: ${await answer.text()}`);
        await answer.text();
      }),
    );
  }
  return {
    system,
    async end() {
      await system.stop();
      await system.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function round(shape, name, big) {
  note(`${name}: restart to answering after a clean end, s`, (await big.start(nameOf(1))) / 1_000);
  const { system: few, end } = await small(shape);
  try {
    for (const kind of ['create', 'find']) await load(few, big, kind, WARM_SLICES);
    for (const kind of ['create', 'find']) {
      const seen = await load(few, big, kind, slices);
      for (const [at, count] of [SMALL, users].entries()) {
        note(`${name}: ${kind}s/s at ${count}`, median(seen[at].map(({ perSecond }) => perSecond)));
        note(`${name}: ${kind} p50 ms at ${count}`, median(seen[at].map(({ p50 }) => p50)));
      }
      const ratios = (of) => median(seen[0].map((small, turn) => of(small, seen[1][turn])));
      note(
        `${name}: ${kind} cost at ${users} to ${SMALL}, by throughput`,
        ratios((small, large) => small.perSecond / large.perSecond),
      );
      note(
        `${name}: ${kind} cost at ${users} to ${SMALL}, by p50`,
        ratios((small, large) => large.p50 / small.p50),
      );
    }
  } finally {
    await end();
  }
  await big.kill();
  note(`${name}: restart to answering after kill -9, s`, (await big.start(nameOf(1))) / 1_000);
  await big.stop();
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'roster-scale-'));
const mark = join(folder, 'filled.json');
if (!existsSync(mark)) {
  const began = performance.now();
  const made = await makeFilled(folder, users, (done) => done % 100_000 === 0 && console.error(`${done} users`));
  writeFileSync(mark, JSON.stringify({ ...made, users, seconds: Math.round((performance.now() - began) / 1_000) }));
}
const filled = JSON.parse(readFileSync(mark, 'utf8'));
for (const [name, shape] of Object.entries(SHAPES)) {
  if (values.shape !== 'both' && values.shape !== name) continue;
  const big = await shape(folder);
  try {
    await big.start(nameOf(1));
    await big.published?.(); // the first start on an empty topic publishes a million events
    await big.stop();
    for (let turn = 1; turn <= rounds; turn += 1) {
      console.error(`${name}, round ${turn}`);
      await round(shape, name, big);
    }
  } finally {
    await big.remove();
  }
  tell();
}
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });

/** Writes and shows what has been measured so far. */
function tell() {
  const medians = Object.fromEntries([...figures].map(([name, all]) => [name, median(all)]));
  const promises = Object.entries(medians).flatMap(([what, value]) => {
    const most = mostOf(what);
    return most === undefined ? [] : { what, value, wanted: `≤ ${most}`, holds: value <= most };
  });
  const machine = {
    platform: `${platform()} ${arch()}`,
    cpus: cpus().length,
    model: cpus()[0].model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  mkdirSync('bench', { recursive: true });
  const result = {
    users,
    events: filled.events,
    fillSeconds: filled.seconds,
    rounds,
    slices,
    sliceMs: SLICE_MS,
    connections,
    machine,
    promises,
    medians,
  };
  writeFileSync(
    'bench/scale-results.json',
    `${JSON.stringify({ ...result, figures: Object.fromEntries(figures) }, null, 2)}\n`,
  );
  console.table(medians);
  console.table(promises);
}

function mostOf(what) {
  if (what.includes('cost at')) return 1.3;
  // Kafka gives the partitions of a member that was killed to another one only when its session has run out.
  if (what === 'services: restart to answering after kill -9, s') return 10;
  return what.includes('restart') ? 5 : undefined;
}
