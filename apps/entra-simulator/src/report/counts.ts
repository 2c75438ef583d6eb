/** What became of an object in a cycle; each object counts once. */
export const OUTCOMES = ['created', 'updated', 'disabled', 'restored', 'deleted', 'skipped', 'failed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/**
 * Objects by outcome, requests and time. `updated` counts neither the disabled nor the restored; `skipped` are those
 * that were looked at and needed nothing. `writes` are the requests that were no GET, sent again or not.
 */
export type Counts = Record<Outcome | 'requests' | 'writes' | 'durationMs', number>;

export const noCounts = (): Counts => ({
  created: 0,
  updated: 0,
  disabled: 0,
  restored: 0,
  deleted: 0,
  skipped: 0,
  failed: 0,
  requests: 0,
  writes: 0,
  durationMs: 0,
});

export function sum(all: readonly Counts[]): Counts {
  return all.reduce<Counts>((total, counts) => added(total, counts), noCounts());
}

const added = (left: Counts, right: Counts): Counts => ({
  created: left.created + right.created,
  updated: left.updated + right.updated,
  disabled: left.disabled + right.disabled,
  restored: left.restored + right.restored,
  deleted: left.deleted + right.deleted,
  skipped: left.skipped + right.skipped,
  failed: left.failed + right.failed,
  requests: left.requests + right.requests,
  writes: left.writes + right.writes,
  durationMs: left.durationMs + right.durationMs,
});
