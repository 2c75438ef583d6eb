// `npm run bench`: measures what design and docs promise, beside peers, in one run. Shared machines are noisy, so what
// counts is the ratio to a peer in the same round; medians of the rounds. Result: a table and bench/results.json.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { publishDelay } from './publish-delay.mjs';
import * as targets from './targets.mjs';

const run = promisify(execFile);
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '4' } },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function load(target, kind, connections, names = []) {
  const options = JSON.stringify({ url: target.url, token: target.token, kind, connections, seconds, names });
  const { stdout } = await run('node', ['bench/load.mjs', options], { maxBuffer: 1 << 26 });
  const result = JSON.parse(stdout);
  if (result.wrong > 0) throw new Error(`${target.name} answered ${result.wrong} requests wrong (${kind})`);
  return result;
}

/** name → list of figures, one a round. */
const figures = new Map();
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);

async function measure(round) {
  for (const [key, open] of [
    ['echo', targets.echo],
    ['scimmy', targets.scimmy],
    ['services', targets.services],
    ['embedded', targets.embedded],
  ]) {
    const target = await open();
    try {
      console.error(`round ${round}: ${target.name}`);
      if (key === 'echo') {
        note('echo/s', (await load(target, 'echo', 64)).perSecond);
        continue;
      }
      const creates = await load(target, 'create', 64);
      note(`${key} creates/s, 64`, creates.perSecond);
      note(`${key} creates p99 ms, 64`, creates.p99);
      note(`${key} client CPU, 64`, creates.clientCpu);
      note(`${key} finds/s, 64`, (await load(target, 'find', 64, creates.names)).perSecond);
      if (key === 'scimmy') continue;
      const alone = await load(target, 'create', 1);
      note(`${key} create alone p50 ms`, alone.p50);
      note(`${key} create alone p99 ms`, alone.p99);
      if (key === 'services') {
        note('services creates/s, 256', (await load(target, 'create', 256)).perSecond);
        const memory = target.memoryMb();
        note('gateway MB', memory.gateway);
        note('directory MB', memory.directory);
        const delay = await publishDelay(target);
        note('publish delay p50 ms', delay.p50);
        note('publish delay p99 ms', delay.p99);
      }
    } finally {
      await target.stop();
    }
  }
}

for (let round = 1; round <= rounds; round += 1) await measure(round);

const medians = Object.fromEntries([...figures].map(([name, all]) => [name, Number(median(all).toFixed(2))]));
/** A ratio is taken within each round, then the median of the rounds. */
const ratio = (of, to) =>
  Number(median(figures.get(of).map((value, index) => value / figures.get(to)[index])).toFixed(2));
const atLeast = (what, value, wanted) => ({ what, value, wanted: `≥ ${wanted}`, holds: value >= wanted });
const atMost = (what, value, wanted) => ({ what, value, wanted: `≤ ${wanted}`, holds: value <= wanted });
const promises = [
  atLeast('creates, 64 connections: times SCIMMY', ratio('services creates/s, 64', 'scimmy creates/s, 64'), 5),
  atLeast('creates, 256 connections: times SCIMMY', ratio('services creates/s, 256', 'scimmy creates/s, 64'), 7),
  atLeast('creates, 64 connections: share of a bare echo', ratio('services creates/s, 64', 'echo/s'), 0.33),
  atLeast('finds, 64 connections: times SCIMMY', ratio('services finds/s, 64', 'scimmy finds/s, 64'), 3),
  atMost('one create alone, p50 ms', medians['services create alone p50 ms'], 5),
  atMost('one create alone, p99 ms', medians['services create alone p99 ms'], 25),
  atMost('one create alone in one process, p50 ms', medians['embedded create alone p50 ms'], 2.5),
  atLeast('in one process: times services', ratio('embedded creates/s, 64', 'services creates/s, 64'), 1),
  atMost('change on the topic after the acknowledgement, p99 ms', medians['publish delay p99 ms'], 100),
  atMost('gateway, MB', medians['gateway MB'], 300),
  atMost('directory, MB', medians['directory MB'], 300),
];

const { dependencies } = JSON.parse((await run('npm', ['ls', '--json', '--depth=0'])).stdout);
const machine = {
  platform: `${platform()} ${arch()}`,
  cpus: cpus().length,
  model: cpus()[0].model,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const versions = Object.fromEntries(Object.entries(dependencies).map(([name, { version }]) => [name, version]));
mkdirSync('bench', { recursive: true });
writeFileSync(
  'bench/results.json',
  `${JSON.stringify({ rounds, seconds, machine, versions, promises, medians, figures: Object.fromEntries(figures) }, null, 2)}\n`,
);
console.table(medians);
console.table(promises);
