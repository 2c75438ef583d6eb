// `npm run bench`: measures what design and docs promise, beside peers, in one run. Shared machines are noisy, so what
// counts is the ratio to a peer in the same round; medians of the rounds. Result: tables and bench/results.json.
// `-- --rounds 3 --seconds 4 --only services,scimmy`; `--add` puts the rounds beside those that results.json holds already.
import { spawn, execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { cpuOf } from './processes.mjs';
import { promisesOf } from './promises.mjs';
import { publishDelay } from './publish-delay.mjs';
import * as targets from './targets.mjs';

const RESULTS = 'bench/results.json';
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'echo,scim2,scimmy,services,embedded' },
    add: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const before = values.add ? JSON.parse(readFileSync(RESULTS, 'utf8')) : { rounds: 0, figures: {}, cpu: {} };

/** Runs a load in a process of its own; gives what it measured and the CPU that each process spent for one request. */
async function load(target, kind, connections, { names = [], warmUpS = 2, countedS = seconds } = {}) {
  const options = { url: target.url, token: target.token, kind, connections, seconds: countedS, warmUpS, names };
  const child = spawn(process.execPath, ['bench/load.mjs', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const spent = [];
  child.stdout.on('data', (chunk) => {
    said += chunk;
    for (const [at, mark] of ['begin\n', 'end\n'].entries()) {
      if (said.includes(mark)) spent[at] ??= cpuOf(target.pids);
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  const result = JSON.parse(said.trim().split('\n').at(-1));
  if (result.wrong > 0 && target.mayBreakOff !== true)
    throw new Error(`${target.name} answered ${result.wrong} requests wrong (${kind})`);
  const [began, ended] = spent;
  const each = Object.entries(ended).map(([name, all]) => [name, (all - (began[name] ?? 0)) / result.count]);
  return { ...result, cpu: { ...Object.fromEntries(each), client: result.clientCpuUs } };
}

/** name → list of figures, one a round. */
const figures = new Map(Object.entries(before.figures));
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);
/** what was asked → process → microseconds of CPU for one request, one a round. */
const cpu = before.cpu;
function noteCpu(what, spent) {
  const known = (cpu[what] ??= {});
  for (const [name, microseconds] of Object.entries(spent)) (known[name] ??= []).push(Math.round(microseconds));
}

async function measureOne(key, target) {
  if (key === 'echo') {
    const echoed = await load(target, 'echo', 64);
    note('echo/s', echoed.perSecond);
    noteCpu('echo, 64', echoed.cpu);
    return;
  }
  const isOurs = key === 'services' || key === 'embedded';
  // The broker's compiler takes more than all else until it has seen some load.
  if (isOurs) await load(target, 'create', 64, { warmUpS: key === 'services' ? 15 : 5, countedS: 1 });
  const connections = target.mayBreakOff ? 8 : 64;
  const creates = await load(target, 'create', connections);
  note(`${key} creates/s, ${connections}`, creates.perSecond);
  note(`${key} creates p50 ms, ${connections}`, creates.p50);
  note(`${key} creates p99 ms, ${connections}`, creates.p99);
  if (target.mayBreakOff) note(`${key} creates without an answer`, creates.wrong);
  noteCpu(`${key} create, ${connections}`, creates.cpu);
  const finds = await load(target, 'find', connections, { names: creates.names });
  note(`${key} finds/s, ${connections}`, finds.perSecond);
  noteCpu(`${key} find, ${connections}`, finds.cpu);
  if (!isOurs) return;
  const alone = await load(target, 'create', 1);
  note(`${key} create alone p50 ms`, alone.p50);
  note(`${key} create alone p99 ms`, alone.p99);
  if (key !== 'services') return;
  const many = await load(target, 'create', 256);
  note('services creates/s, 256', many.perSecond);
  noteCpu('services create, 256', many.cpu);
  const memory = target.memoryMb();
  note('gateway MB', memory.gateway);
  note('directory MB', memory.directory);
  const delay = await publishDelay(target);
  note('publish delay p50 ms', delay.p50);
  note('publish delay p99 ms', delay.p99);
}

for (let round = 1; round <= rounds; round += 1) {
  for (const key of values.only.split(',')) {
    const target = await targets[key]();
    try {
      console.error(`round ${round}: ${target.name}`);
      await measureOne(key, target);
    } finally {
      await target.stop();
    }
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const medians = Object.fromEntries([...figures].map(([name, all]) => [name, Number(median(all).toFixed(2))]));
const cpuMedians = Object.fromEntries(
  Object.entries(cpu).map(([what, spent]) => {
    const each = Object.entries(spent).map(([name, all]) => [name, median(all)]);
    return [what, { ...Object.fromEntries(each), all: each.reduce((sum, [, one]) => sum + one, 0) }];
  }),
);
const promises = promisesOf(figures, medians, median);

const { dependencies } = JSON.parse((await promisify(execFile)('npm', ['ls', '--json', '--depth=0'])).stdout);
const machine = {
  platform: `${platform()} ${arch()}`,
  cpus: cpus().length,
  model: cpus()[0].model,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const versions = {
  ...Object.fromEntries(Object.entries(dependencies).map(([name, { version }]) => [name, version])),
  ...targets.peerVersions,
};
const results = {
  rounds: before.rounds + rounds,
  seconds,
  machine,
  versions,
  promises,
  medians,
  cpuMicrosecondsEach: cpuMedians,
  figures: Object.fromEntries(figures),
  cpu,
};
writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
console.table(medians);
console.log('CPU, in microseconds for one request, by process:');
console.table(cpuMedians);
console.table(promises);
