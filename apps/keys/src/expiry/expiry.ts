import { EXPIRY_STEPS, type ExpiryStep } from '#libs/contracts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** An end that is longer ago is no news. */
export const TOLD_DAYS_MAX = 7;

/** A credential's end: when it comes, since when that is settled, and what has been told of it. Times are ISO 8601. */
export interface End {
  expiresAt: string;
  settledAt: string;
  told: { expiresAt: string; daysLeft: number } | null;
}

/**
 * Which step is to be told now: the nearest one that has been reached; null when there is none, when it has been told, or when
 * it had passed already when the end was settled, since whoever settled it knew.
 */
export function stepDue({ expiresAt, settledAt, told }: End, now: Date): ExpiryStep | null {
  const end = Date.parse(expiresAt);
  if (now.getTime() - end > TOLD_DAYS_MAX * DAY_MS) return null;
  const reached = EXPIRY_STEPS.filter((days) => now.getTime() >= end - days * DAY_MS).at(-1);
  if (reached === undefined || end - reached * DAY_MS <= Date.parse(settledAt)) return null;
  const isTold = told !== null && told.expiresAt === expiresAt && told.daysLeft <= reached;
  return isTold ? null : reached;
}
