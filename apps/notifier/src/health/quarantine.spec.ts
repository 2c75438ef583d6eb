import { budgetOf, type Failing, WARN_AT, type Written } from './budget.js';

/** One user, group or reference that Entra tries to provision at some time, and whether it fails. */
interface Try {
  minute: number;
  key: string;
  isReference: boolean;
  fails: boolean;
}

const EVERY = 100;

/** How many of these times, which are in order, are later than this one. */
function after(times: readonly number[], minute: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= minute) low = middle + 1;
    else high = middle;
  }
  return times.length - low;
}

/** A second reading of Entra's page on quarantine: at which try the job is stopped; undefined when it never is. */
function entrasLine(
  tries: readonly Try[],
  share: 'job' | 'day' | 'hour',
  repeats: 'once' | 'each time',
): number | undefined {
  const failing = new Set<string>();
  const failed: number[] = [];
  const tried: number[] = [];
  let objects = 0;
  for (const [place, { minute, key, isReference, fails }] of tries.entries()) {
    const isRepeat = failing.has(key);
    if (fails && !isRepeat) {
      failing.add(key);
      if (!isReference) objects += 1;
    }
    if (!isReference && (!isRepeat || repeats === 'each time')) {
      tried.push(minute);
      if (fails) failed.push(minute);
    }
    if (place % EVERY !== 0) continue;
    if (failing.size >= 60_000 || objects > 40_000) return place;
    if (objects < 5_000) continue;
    const since = share === 'job' ? -1 : minute - (share === 'day' ? 1440 : 60);
    if (after(failed, since) > after(tried, since) * 0.4) return place;
  }
  return undefined;
}

/** Where Roster warns, from the counters that it keeps; looked at as often as it looks. */
function ourWarning(tries: readonly Try[]): number | undefined {
  const failing = new Set<string>();
  const objects: number[] = [];
  const written: number[] = [];
  let first: number | undefined;
  for (const [place, { minute, key, isReference, fails }] of tries.entries()) {
    if (!fails) written.push(minute);
    else if (!failing.has(key)) {
      failing.add(key);
      first ??= minute;
      if (!isReference) objects.push(minute);
    }
    if (place % EVERY !== 0) continue;
    const counted: { failing: Failing; written: Written } = {
      failing: {
        objects: objects.length,
        references: failing.size - objects.length,
        newInHour: after(objects, minute - 60),
        newInDay: after(objects, minute - 1440),
      },
      written: {
        inHour: after(written, minute - 60),
        inDay: after(written, minute - 1440),
        sinceFirst: first === undefined ? 0 : after(written, first - 1),
      },
    };
    if (budgetOf(counted.failing, counted.written).used >= WARN_AT) return place;
  }
  return undefined;
}

interface Sync {
  objects: number;
  perMinute: number;
  /** The share of objects that fail, at first and from some place on. */
  failing: number;
  from: number;
  references: number;
  failingReferences: number;
  /** How often Entra tries again what it holds back. */
  rounds: number;
}

/** An initial cycle and the tries that follow from escrow, 6, 12, 24 … hours after. */
function triesOf({ objects, perMinute, failing, from, references, failingReferences, rounds }: Sync): Try[] {
  const tries: Try[] = [];
  const isBad = (place: number, share: number) => Math.floor((place + 1) * share) > Math.floor(place * share);
  const add = (minute: number, key: string, isReference: boolean, fails: boolean) =>
    tries.push({ minute, key, isReference, fails });
  for (let at = 0; at < objects; at++) add(at / perMinute, `u${at}`, false, at >= from && isBad(at - from, failing));
  const end = objects / perMinute;
  for (let at = 0; at < references; at++) add(end + at / perMinute, `r${at}`, true, isBad(at, failingReferences));
  const held = tries.filter(({ fails }) => fails);
  for (let round = 0; round < rounds; round++) {
    const hours = [6, 12, 24, 48, 72][round] ?? 96;
    for (const one of held) tries.push({ ...one, minute: Math.max(end, one.minute + hours * 60) });
  }
  return tries.sort((a, b) => a.minute - b.minute);
}

const sync = (some: Partial<Sync>): Sync => ({
  objects: 12_000,
  perMinute: 600,
  failing: 0.6,
  from: 0,
  references: 0,
  failingReferences: 0,
  rounds: 0,
  ...some,
});

const bad: Sync[] = [
  ...[0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1].flatMap((failing) =>
    [60, 600, 1500].map((perMinute) => sync({ failing, perMinute })),
  ),
  ...[1_000, 2_000, 4_000, 6_000].flatMap((from) =>
    [0.9, 1].map((failing) => sync({ from, failing, objects: 16_000 })),
  ),
  ...[0.45, 0.55, 0.75].flatMap((failing) => [1, 3].map((rounds) => sync({ failing, rounds, objects: 14_000 }))),
  ...[0.41, 0.43, 0.48].map((failing) => sync({ failing, objects: 30_000, perMinute: 1500 })),
  ...[20_000, 30_000].flatMap((references) =>
    [0.5, 1].map((failingReferences) => sync({ references, failingReferences, failing: 0.5 })),
  ),
  ...[0.35, 0.38].flatMap((failing) =>
    [120_000, 130_000].map((objects) => sync({ failing, objects, perMinute: 1500 })),
  ),
  ...[52_000, 56_000].flatMap((references) =>
    [1, 0.98].map((failingReferences) =>
      sync({ failing: 0.1, objects: 100_000, references, failingReferences, perMinute: 1500 }),
    ),
  ),
];

const healthy: Sync[] = [
  ...[0, 0.01, 0.05, 0.1, 0.15, 0.2].flatMap((failing) =>
    [60, 600, 1500].map((perMinute) => sync({ failing, perMinute })),
  ),
  ...[0.02, 0.05, 0.1, 0.2].flatMap((failing) =>
    [0, 1, 3, 5].map((rounds) => sync({ failing, rounds, objects: 15_000 })),
  ),
  ...[1_000, 2_000, 3_000].flatMap((objects) => [0.5, 1].map((failing) => sync({ failing, objects, rounds: 2 }))),
  ...[0.05, 0.1, 0.15, 0.2].map((failing) => sync({ failing, objects: 100_000, perMinute: 1500 })),
  ...[5_000, 10_000, 20_000].flatMap((references) =>
    [0.1, 0.5].map((failingReferences) => sync({ failing: 0.02, references, failingReferences })),
  ),
];

describe('a warning of quarantine', () => {
  it(`comes before Entra’s line in ${bad.length} bad syncs, whichever way Entra takes its share`, () => {
    expect(bad.length).toBeGreaterThanOrEqual(50);
    for (const one of bad) {
      const tries = triesOf(one);
      const lines = (['job', 'day', 'hour'] as const).flatMap((share) =>
        (['once', 'each time'] as const).map((repeats) => entrasLine(tries, share, repeats) ?? Infinity),
      );
      const line = Math.min(...lines);
      expect({ one, stops: line < Infinity }).toEqual({ one, stops: true });
      expect({ one, inTime: (ourWarning(tries) ?? Infinity) < line }).toEqual({ one, inTime: true });
    }
  }, 120_000);

  it(`never comes in ${healthy.length} healthy ones, which Entra does not stop either`, () => {
    expect(healthy.length).toBeGreaterThanOrEqual(50);
    for (const one of healthy) {
      const tries = triesOf(one);
      expect({ one, line: entrasLine(tries, 'job', 'once') }).toEqual({ one, line: undefined });
      expect({ one, warned: ourWarning(tries) }).toEqual({ one, warned: undefined });
    }
  }, 120_000);
});
