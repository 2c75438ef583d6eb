const PAUSE_MS_FIRST = 5_000;
const PAUSE_MS_MAX = 15 * 60_000;
const PATIENCE_MS = 2 * 24 * 60 * 60_000;

/** After so many refusals in a row an address is told nothing any more. */
export const REFUSALS_MAX = 3;

/** When an address is tried again after so many failures in a row: after pauses that double up to a quarter of an hour. */
export function nextTry(failures: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(PAUSE_MS_FIRST * 2 ** Math.max(0, failures - 1), PAUSE_MS_MAX));
}

/** Has this been tried for two days? */
export const isGivenUp = (madeAt: Date, now: Date): boolean => now.getTime() - madeAt.getTime() >= PATIENCE_MS;
