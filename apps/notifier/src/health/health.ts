import { type Budget, WARN_AT } from './budget.js';

export const HEALTHS = [
  'waiting',
  'healthy',
  'recovered',
  'degraded',
  'silent',
  'quarantine-risk',
  'auth-failing',
] as const;
export type Health = (typeof HEALTHS)[number];

/** All that the health of a directory follows from. */
export interface Signs {
  lastHeardAt: Date | null;
  /** Over how long a time the source asked, up to when it was last heard, within a day. */
  activeMs: number;
  lastSuccessAt: Date | null;
  lastKeyRefusedAt: Date | null;
  inHour: { operations: number; failures: number };
  budget: Budget;
}

/** What the health was, and since when. */
export interface Before {
  health: Health;
  since: Date;
}

const HOUR_MS = 60 * 60_000;
const DEGRADED_SHARE = 0.1;
const DEGRADED_OPERATIONS_MIN = 50;
const SILENT_MS = 3 * HOUR_MS;
/** Entra comes every 40 minutes: what asked for less than two of its cycles was no source but somebody who tried. */
const ACTIVE_MS = 70 * 60_000;
const RECOVERED_MS = HOUR_MS;

const ILL = new Set<Health>(['degraded', 'silent', 'quarantine-risk', 'auth-failing']);

/** How a directory does: the worst that can be said of it. */
export function healthOf(signs: Signs, before: Before | null, now: Date): Health {
  const { lastHeardAt, lastKeyRefusedAt, lastSuccessAt, inHour, budget } = signs;
  if (lastHeardAt === null) return 'waiting';
  if (lastKeyRefusedAt !== null && (lastSuccessAt === null || lastKeyRefusedAt > lastSuccessAt)) return 'auth-failing';
  if (budget.used >= WARN_AT) return 'quarantine-risk';
  if (now.getTime() - lastHeardAt.getTime() >= SILENT_MS && signs.activeMs >= ACTIVE_MS) return 'silent';
  const isDegraded =
    inHour.operations >= DEGRADED_OPERATIONS_MIN && inHour.failures > inHour.operations * DEGRADED_SHARE;
  if (isDegraded) return 'degraded';
  return hasJustRecovered(before, now) ? 'recovered' : 'healthy';
}

function hasJustRecovered(before: Before | null, now: Date): boolean {
  if (before === null) return false;
  if (ILL.has(before.health)) return true;
  return before.health === 'recovered' && now.getTime() - before.since.getTime() < RECOVERED_MS;
}

export const MASS_MIN = 50;
const MASS_SHARE = 0.1;

/** Were more users disabled or deleted within an hour than is usual? `active` are those that are left. */
export function isMassDeprovision(gone: number, active: number): boolean {
  return gone > MASS_MIN && gone > (active + gone) * MASS_SHARE;
}
