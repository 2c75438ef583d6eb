/** When people want to be told. Times are of the clock on the wall in `timeZone`, as 22:00. */
export interface Wishes {
  timeZone: string;
  /** No mail but what is critical between these; what came up meanwhile is told at the end. */
  quiet: { from: string; to: string } | null;
  /** One mail a day at this time, and apart from it only what is critical. */
  digestAt: string | null;
}

export const NO_WISHES: Wishes = { timeZone: 'UTC', quiet: null, digestAt: null };

/** Is it a time at which people do not want to be disturbed? A span may go over midnight. */
export function isQuiet({ quiet, timeZone }: Wishes, now: Date): boolean {
  if (quiet === null) return false;
  const { minute } = wallClock(now, timeZone);
  const [from, to] = [minuteOf(quiet.from), minuteOf(quiet.to)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Is the digest of today still to come, and is it time for it? */
export function isDigestDue({ digestAt, timeZone }: Wishes, lastAt: Date | null, now: Date): boolean {
  if (digestAt === null) return false;
  const { day, minute } = wallClock(now, timeZone);
  if (minute < minuteOf(digestAt)) return false;
  return lastAt === null || wallClock(lastAt, timeZone).day < day;
}

/** Is this the name of a time zone? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function wallClock(at: Date, timeZone: string): { day: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { day: `${of('year')}-${of('month')}-${of('day')}`, minute: minuteOf(`${of('hour')}:${of('minute')}`) };
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}
