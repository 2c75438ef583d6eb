/** What became of an object in a cycle; each object counts once. */
export const OUTCOMES = ['created', 'updated', 'disabled', 'restored', 'deleted', 'skipped', 'failed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

const OTHERS = ['duplicates', 'retried', 'onDemand', 'busy', 'requests', 'writes', 'durationMs'] as const;

/**
 * Objects by outcome, requests and time. `updated` counts neither the disabled nor the restored; `skipped` are those
 * that were looked at and needed nothing, and the `duplicates` among them those of which the target has several;
 * `retried` are those that came out of escrow, `onDemand` those provisioned on demand before the cycle; `busy` are
 * answers 429 and 503. `writes` are the requests that were no GET, sent again or not.
 */
export type Counts = Record<Outcome | (typeof OTHERS)[number], number>;

const NAMES = [...OUTCOMES, ...OTHERS];

export const noCounts = (): Counts => countsOf(() => 0);

export function sum(all: readonly Counts[]): Counts {
  return countsOf((name) => all.reduce((total, counts) => total + counts[name], 0));
}

const countsOf = (of: (name: keyof Counts) => number): Counts =>
  Object.fromEntries(NAMES.map((name) => [name, of(name)])) as Counts;
