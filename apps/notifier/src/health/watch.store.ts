import type { Statements, Transaction } from '#libs/postgres';
import type { Round } from '../activity/round.js';
import type { Failing, Written } from './budget.js';
import type { Health } from './health.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

export interface Watched extends Record<string, unknown> {
  directory: string;
  first_heard_at: Date;
  last_heard_at: Date;
  last_success_at: Date | null;
  last_key_refused_at: Date | null;
  health: Health;
  health_since: Date;
}

/**
 * Notes when these directories were heard. From here to the end of the transaction their rows are locked: a directory has one
 * bookkeeper at a time.
 */
export async function noteHeard(transaction: Transaction, rounds: readonly Round[], now: Date): Promise<void> {
  await transaction.query(
    'watch_heard',
    `insert into watch as w (directory, first_heard_at, last_heard_at, last_success_at, last_key_refused_at, health, health_since, changed_at)
     select r.directory, r.first_at, r.last_at, r.success_at, r.refused_at, 'waiting', $6, $6
     from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
       r(directory, first_at, last_at, success_at, refused_at)
     order by r.directory
     on conflict (directory) do update set
       last_heard_at = greatest(w.last_heard_at, excluded.last_heard_at),
       last_success_at = greatest(w.last_success_at, excluded.last_success_at),
       last_key_refused_at = greatest(w.last_key_refused_at, excluded.last_key_refused_at),
       changed_at = excluded.changed_at`,
    [
      rounds.map(({ directory }) => directory),
      rounds.map(({ firstAt }) => firstAt),
      rounds.map(({ lastAt }) => lastAt),
      rounds.map(({ lastSuccessAt }) => lastSuccessAt),
      rounds.map(({ lastKeyRefusedAt }) => lastKeyRefusedAt),
      now,
    ],
  );
  const minutes = rounds.flatMap(({ directory, minutes: all }) =>
    [...all].map(([minute, counted]) => ({ directory, minute: new Date(minute), ...counted })),
  );
  await transaction.query(
    'watch_minutes',
    `insert into activity_minute as m (directory, minute, operations, failures, written)
     select * from unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::int[], $5::int[])
     on conflict (directory, minute) do update set operations = m.operations + excluded.operations,
       failures = m.failures + excluded.failures, written = m.written + excluded.written`,
    [
      minutes.map(({ directory }) => directory),
      minutes.map(({ minute }) => minute),
      minutes.map(({ operations }) => operations),
      minutes.map(({ failures }) => failures),
      minutes.map(({ written }) => written),
    ],
  );
}

/** Directories whose health is to be looked at, locked: those of which there is news, and now and then all. */
export function takeToLookAt(transaction: Transaction, now: Date, everyMs: number, limit: number): Promise<Watched[]> {
  return transaction.query<Watched>(
    'watch_take',
    `select directory, first_heard_at, last_heard_at, last_success_at, last_key_refused_at, health, health_since from watch
     where checked_at is null or checked_at < $1 or (changed_at > checked_at and checked_at < $2)
     order by checked_at nulls first limit $3 for update skip locked`,
    [new Date(now.getTime() - everyMs), new Date(now.getTime() - 1_000), limit],
  );
}

export async function noteHealth(
  transaction: Transaction,
  directory: string,
  health: Health,
  now: Date,
): Promise<void> {
  await transaction.query(
    'watch_health',
    `update watch set checked_at = $3, health_since = case when health = $2 then health_since else $3 end, health = $2
     where directory = $1`,
    [directory, health, now],
  );
}

/** What fails now, each once, and what went well: the two sides of Entra's budget. */
export async function budgetSides(
  statements: Statements,
  directory: string,
  now: Date,
): Promise<{ failing: Failing; written: Written; inHour: { operations: number; failures: number }; activeMs: number }> {
  const [hourAgo, dayAgo] = [new Date(now.getTime() - HOUR_MS), new Date(now.getTime() - DAY_MS)];
  const [failing] = await statements.query<Record<string, number> & { first: Date | null }>(
    'watch_failing',
    `select count(*) filter (where not is_reference)::int as objects, count(*) filter (where is_reference)::int as refs,
       count(*) filter (where not is_reference and first_at > $2)::int as in_hour,
       count(*) filter (where not is_reference and first_at > $3)::int as in_day, min(first_at) as first
     from (select key, bool_and(is_reference) as is_reference, min(first_at) as first_at from failing
       where directory = $1 and family <> 'any' group by key) f`,
    [directory, hourAgo, dayAgo],
  );
  const first = failing?.first ?? now;
  const [counted] = await statements.query<Record<string, number>>(
    'watch_counted',
    `select coalesce(sum(written) filter (where minute > $2), 0)::int as written_hour,
       coalesce(sum(written) filter (where minute > $3), 0)::int as written_day,
       coalesce(sum(written) filter (where minute >= date_trunc('minute', $4::timestamptz)), 0)::int as written_first,
       coalesce(sum(operations) filter (where minute > $2), 0)::int as operations,
       coalesce(sum(failures) filter (where minute > $2), 0)::int as failures
     from activity_minute where directory = $1`,
    [directory, hourAgo, dayAgo, first],
  );
  return {
    failing: {
      objects: failing?.objects ?? 0,
      references: failing?.refs ?? 0,
      newInHour: failing?.in_hour ?? 0,
      newInDay: failing?.in_day ?? 0,
    },
    written: {
      inHour: counted?.written_hour ?? 0,
      inDay: counted?.written_day ?? 0,
      sinceFirst: counted?.written_first ?? 0,
    },
    inHour: { operations: counted?.operations ?? 0, failures: counted?.failures ?? 0 },
    activeMs: await activeSpan(statements, directory),
  };
}

/** From the first to the last time that the source asked within the day that ends with the last. */
async function activeSpan(statements: Statements, directory: string): Promise<number> {
  const [span] = await statements.query<{ ms: number }>(
    'watch_span',
    `select coalesce(extract(epoch from max(minute) - min(minute)) * 1000, 0)::float8 as ms from activity_minute
     where directory = $1 and minute > (select max(minute) from activity_minute where directory = $1) - interval '24 hours'`,
    [directory],
  );
  return span?.ms ?? 0;
}
