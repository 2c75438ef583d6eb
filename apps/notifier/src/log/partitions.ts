import type { Statements } from '#libs/postgres';
import { boundsOf, type Day, dayOf, daysToMake, firstDayKept } from './days.js';

const PARTED = ['activity', 'caused'] as const;

/** Makes these days ready to take entries; those that are there already stay as they are. */
export async function makeDays(statements: Statements, days: readonly Day[]): Promise<void> {
  for (const day of days) {
    const { from, to } = boundsOf(day);
    for (const table of PARTED) {
      await statements.query(
        `partition_make_${table}_${day}`,
        `create table if not exists ${table}_${day} partition of ${table} for values from ('${from}') to ('${to}')`,
      );
    }
  }
}

/** Makes the days ahead, and drops those that are not kept any more: a day goes in one piece, whatever is in it. */
export async function tendDays(statements: Statements, now: Date, daysKept: number): Promise<void> {
  const known = await knownDays(statements);
  await makeDays(
    statements,
    daysToMake(now).filter((day) => !known.includes(day)),
  );
  for (const day of known.filter((each) => each < firstDayKept(now, daysKept))) {
    for (const table of PARTED) {
      await statements.query(`partition_drop_${table}_${day}`, `drop table if exists ${table}_${day}`);
    }
  }
}

/** Makes the days of entries that come later than their partition was dropped or never made, after a long outage. */
export async function makeMissingDays(statements: Statements, times: readonly Date[]): Promise<void> {
  const wanted = new Set(times.map(dayOf));
  if (wanted.size === 0) return;
  const known = new Set(await knownDays(statements));
  await makeDays(
    statements,
    [...wanted].filter((day) => !known.has(day)),
  );
}

async function knownDays(statements: Statements): Promise<Day[]> {
  const rows = await statements.query<{ day: Day }>(
    'partition_days',
    `select right(c.relname, 8) as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'activity'::regclass order by 1`,
  );
  return rows.map(({ day }) => day);
}
