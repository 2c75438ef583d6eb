const PAUSE_MS_FIRST = 5_000;
const PAUSE_MS_MAX = 15 * 60_000;
const PATIENCE_MS = 2 * 24 * 60 * 60_000;
const REFUSALS_MAX = 3;

/**
 * When a mail that has just failed is tried again: after pauses that double up to a quarter of an hour, for two days.
 * null means never: its time is over, or the mail server has refused the address three times.
 */
export function nextTry(mail: { createdAt: Date; attempts: number; refusals: number }, now: Date): Date | null {
  if (mail.refusals >= REFUSALS_MAX) return null;
  const pauseMs = Math.min(PAUSE_MS_FIRST * 2 ** (mail.attempts - 1), PAUSE_MS_MAX);
  const at = new Date(now.getTime() + pauseMs);
  return at.getTime() > mail.createdAt.getTime() + PATIENCE_MS ? null : at;
}
