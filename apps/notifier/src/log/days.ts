const DAY_MS = 24 * 60 * 60_000;
const DAYS_AHEAD = 3;

/** A day of the log, in UTC, as it stands in the name of its partition: `20260301`. */
export type Day = string;

export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10).replaceAll('-', '');

/** The days that must have a partition before anything of them comes: yesterday, for what is late, and some ahead. */
export function daysToMake(now: Date): Day[] {
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, place) => dayOf(new Date(now.getTime() + (place - 1) * DAY_MS)));
}

/** The first day that is still kept. */
export const firstDayKept = (now: Date, daysKept: number): Day => dayOf(new Date(now.getTime() - daysKept * DAY_MS));

/** The bounds of a day's partition: from its beginning to before the next one's. */
export function boundsOf(day: Day): { from: string; to: string } {
  const from = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`;
  return { from, to: new Date(Date.parse(from) + DAY_MS).toISOString() };
}

/** Is this time within what the log can take: no older than it keeps, and not further ahead than clocks go wrong? */
export function isKept(at: Date, now: Date, daysKept: number): boolean {
  return dayOf(at) >= firstDayKept(now, daysKept) && at.getTime() < now.getTime() + DAYS_AHEAD * DAY_MS;
}
