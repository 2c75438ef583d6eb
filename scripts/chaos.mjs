// Plays Entra's provisioning at its worst, with many seeds, against one process and against the services:
// `npm run chaos -- [--seeds 10] [--from 1] [--systems embedded,services] [any option of npm run entra]`.
// After each run a restart must write nothing. Ends with 1 if anything failed, and says how to repeat it.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { embedded, services } from '../test/conformance/systems.mjs';

const SYSTEMS = { embedded, services };
const SIZES = ['--users', '150', '--groups', '6', '--members', '30', '--cycles', '5'];

const { values, tokens } = parseArgs({
  strict: false,
  tokens: true,
  options: { seeds: { type: 'string' }, from: { type: 'string' }, systems: { type: 'string' } },
});
const OWN = new Set(['seeds', 'from', 'systems']);
const passedOn = tokens
  .filter(({ kind, name }) => kind !== 'option' || !OWN.has(name))
  .map(({ kind, rawName, value, inlineValue }) =>
    kind !== 'option' ? value : inlineValue ? `${rawName}=${value}` : rawName,
  );
const first = Number(values.from ?? 1);
const seeds = Array.from({ length: Number(values.seeds ?? 10) }, (_, index) => first + index);

/** Runs the simulator; a run in which something failed ends with 1, and with its report all the same. */
async function play({ url, token }, args) {
  const entra = ['dist/apps/entra-simulator/src/main.js', '--chaos', '--json', ...args];
  const env = { PATH: process.env.PATH, SCIM_URL: url, SCIM_TOKEN: token };
  const { stdout } = await promisify(execFile)(process.execPath, entra, { env, maxBuffer: 1 << 28 }).catch((error) => {
    if (error.stdout) return error;
    throw error;
  });
  return JSON.parse(stdout);
}

let isSound = true;
for (const name of (values.systems ?? 'embedded,services').split(',')) {
  const start = SYSTEMS[name];
  if (!start) throw new Error(`There are ${Object.keys(SYSTEMS).join(' and ')}, not ${name}.`);
  const system = await start();
  try {
    for (const seed of seeds) {
      const args = [...SIZES, ...passedOn, '--seed', String(seed)];
      const whole = await play(system, args);
      const again = await play(system, [...args, '--restart']);
      const { created, requests, writes, failed, durationMs } = whole;
      const seconds = ((durationMs + again.durationMs) / 1_000).toFixed(1);
      const told = `${created} created, ${writes} writes, ${requests} requests, ${failed} failed; restart: ${again.writes} writes`;
      console.log(`${name}, seed ${seed}: ${told}, ${again.failed} failed; ${seconds} s`);
      for (const { reason, count, examples } of [...whole.reasons, ...again.reasons]) {
        isSound = false;
        console.log(`  ${count} x ${reason}\n      ${JSON.stringify(examples[0])}`);
      }
      if (again.writes > 0) isSound = false;
    }
  } finally {
    await system.end();
  }
}
process.exitCode = isSound ? 0 : 1;
