import type { Failure } from '../activity/failure.js';

/** What one notice says: how many failures of which kinds, from when to when, and some of them. */
export interface Tally {
  failures: number;
  firstAt: string;
  lastAt: string;
  kinds: Kind[];
}

export interface Kind {
  status: number;
  scimType: string | null;
  failures: number;
  examples: Failure[];
}

const EXAMPLES_MAX = 3;

/** The tally with these failures counted in; at least one is needed to begin. */
export function counted(tally: Tally | undefined, failures: readonly [Failure, ...Failure[]]): Tally {
  const { at } = failures[0];
  return failures.reduce(countOne, tally ?? { failures: 0, firstAt: at, lastAt: at, kinds: [] });
}

function countOne(tally: Tally, failure: Failure): Tally {
  return {
    failures: tally.failures + 1,
    firstAt: failure.at < tally.firstAt ? failure.at : tally.firstAt,
    lastAt: failure.at > tally.lastAt ? failure.at : tally.lastAt,
    kinds: countKind(tally.kinds, failure),
  };
}

function countKind(kinds: readonly Kind[], failure: Failure): Kind[] {
  const { status, scimType } = failure;
  const known = kinds.find((kind) => kind.status === status && kind.scimType === scimType);
  if (known === undefined) return [...kinds, { status, scimType, failures: 1, examples: [failure] }];
  const examples = known.examples.length < EXAMPLES_MAX ? [...known.examples, failure] : known.examples;
  return kinds.map((kind) => (kind === known ? { ...kind, failures: kind.failures + 1, examples } : kind));
}
