/** Figures of Entra's rule for a job that fails too often. */
const FAILURES_AT_LEAST = 5_000;
const SHARE_OF_EVENTS = 0.4;
const FAILURES_ANYWAY = 40_000;
const FAILURES_ABSOLUTE = 60_000;

/** What has happened in a job so far. Failures of references are counted apart. */
export interface Happened {
  events: number;
  failures: number;
  referenceFailures: number;
}

/**
 * Why Entra would put a job into quarantine; nothing if it would not. At least 5,000 failures that are more than 40 % of all
 * events, or more than 40,000: references do not count there; or 60,000 failures, references included.
 */
export function quarantineReason({ events, failures, referenceFailures }: Happened): string | undefined {
  if (failures + referenceFailures >= FAILURES_ABSOLUTE) return `${FAILURES_ABSOLUTE} failures, references included`;
  if (failures > FAILURES_ANYWAY) return `more than ${FAILURES_ANYWAY} failures`;
  const isOften = failures >= FAILURES_AT_LEAST && failures > events * SHARE_OF_EVENTS;
  return isOften ? `${failures} failures, more than ${SHARE_OF_EVENTS * 100} % of ${events} events` : undefined;
}
