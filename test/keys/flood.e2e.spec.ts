import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { eventually } from '#libs/testing';
import { ask, percentile } from './asking.js';
import { Fleet, MEASURED } from './fleet.js';
import { KeyDesk } from './key-desk.js';

// Short here, whole with `npm run bench:keys`.

const isWhole = process.env.ROSTER_KEYS_PROOFS === 'whole';
const SECONDS = isWhole ? 12 : 2;
const TURNS = isWhole ? 4 : 1;
/** Well under what a directory may ask for. */
const QUIET = 30;
const FLOOD = 500;
const LIST = '/v2/Users?count=1';

interface Told {
  counts: Record<string, number>;
  times: number[];
  retryAfter: string[];
}

let fleet: Fleet;
let desk: KeyDesk;
let quiet: string;
let flooding: string;

beforeAll(async () => {
  fleet = await Fleet.start(MEASURED);
  desk = await KeyDesk.open(fleet.brokers);
  [quiet, flooding] = [await newKey(), await newKey()];
}, 180_000);

afterAll(async () => {
  await desk.close();
  await fleet.stop();
}, 60_000);

async function newKey(): Promise<string> {
  const made = await fleet.administer('directory', 'create', '--name', randomUUID(), '--json');
  const { id } = JSON.parse(made) as { id: string };
  const { token } = await desk.issue(id);
  await eventually(async () => (await ask(fleet.origins[0] ?? '', LIST, token)).status === 200);
  return token;
}

async function steadily(token: string, perSecond: number, seconds: number): Promise<Told> {
  const address = `${fleet.origins[0] ?? ''}${LIST}`;
  const args = ['test/keys/steady.mjs', address, token, String(perSecond), String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as Told;
}

/** What the other one meets while the flood lasts; it has begun when there are refusals, and ends last. */
async function besideFlood(): Promise<{ other: Told; flood: Told }> {
  const flood = steadily(flooding, FLOOD, SECONDS + 6);
  await eventually(async () => (await ask(fleet.origins[0] ?? '', LIST, flooding)).status === 429);
  const other = await steadily(quiet, QUIET, SECONDS);
  return { other, flood: await flood };
}

const summary = (all: readonly Told[]) => {
  const times = all.flatMap((one) => one.times);
  const statuses = [...new Set(all.flatMap(({ counts }) => Object.keys(counts)))].sort();
  return { requests: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99), statuses };
};

describe('a flood of one directory', () => {
  it('is held back and refused, and leaves another one alone', async () => {
    // In turns, since a percentile of one stretch of time tells of what else the machine did in it; the first is for warmth.
    const turns: { alone: Told; beside: Awaited<ReturnType<typeof besideFlood>> }[] = [];
    for (let turn = 0; turn <= TURNS; turn += 1) {
      turns.push({ alone: await steadily(quiet, QUIET, SECONDS), beside: await besideFlood() });
    }
    const counted = turns.slice(1);
    const alone = summary(counted.map((turn) => turn.alone));
    const beside = summary(counted.map((turn) => turn.beside.other));
    const floods = counted.map((turn) => turn.beside.flood);
    if (isWhole) {
      const flooded = JSON.stringify(floods.map(({ counts }) => counts));
      process.stdout.write(
        `f: alone ${JSON.stringify(alone)}, beside ${FLOOD}/s ${JSON.stringify(beside)}, which got ${flooded}\n`,
      );
    }
    expect([alone.statuses, beside.statuses]).toEqual([['200'], ['200']]);
    for (const { counts, retryAfter } of floods) {
      expect(Object.keys(counts).sort()).toEqual(['200', '429']);
      expect(retryAfter.every((seconds) => /^[1-9]\d*$/.test(seconds))).toBe(true);
    }
    if (isWhole) expect(beside.p99).toBeLessThan(alone.p99 * 1.25);
  }, 400_000);
});
