import type { IncidentClass } from './causes/catalogue.js';
import { isOfCredentials } from './failure-class.js';

const HOUR_MS = 60 * 60_000;
const CYCLE_MS = 40 * 60_000;
const DAYS_MAX = 28;

/** Failures that Entra does not hold back: it sends the same again at its next cycle. */
const NEXT_CYCLE = new Set<IncidentClass>([
  'unavailable',
  'our-fault',
  'too-often',
  'changed-meanwhile',
  'invalid-filter',
]);
/** What Entra does not try again by itself: the job is in quarantine, where it looks once a day. */
const QUARANTINED = new Set<IncidentClass>(['key-ended', 'scope-missing']);

/**
 * When Entra tries something again that fails since `firstAt`: 6, 12 and 24 hours after that, then every 24 hours, for 28 days
 * (its escrow); what failed for another's sake at the next cycle. null: not any more.
 */
export function nextTryOf(kind: IncidentClass, firstAt: Date, lastAt: Date, now: Date): Date | null {
  if (NEXT_CYCLE.has(kind)) return following(lastAt.getTime(), CYCLE_MS, now.getTime());
  if (isOfCredentials(kind) || QUARANTINED.has(kind)) return following(lastAt.getTime(), 24 * HOUR_MS, now.getTime());
  const hours = [6, 12, ...Array.from({ length: DAYS_MAX }, (_, day) => 24 * (day + 1))];
  const next = hours.map((hour) => firstAt.getTime() + hour * HOUR_MS).find((at) => at > now.getTime());
  return next === undefined ? null : new Date(next);
}

function following(from: number, step: number, now: number): Date {
  return new Date(from + Math.max(1, Math.ceil((now - from + 1) / step)) * step);
}
