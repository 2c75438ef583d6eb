import type { Transaction } from '#libs/postgres';
import type { Round, Target } from '../activity/round.js';

/** Which of these directories have anything that fails now. */
export async function directoriesFailing(
  transaction: Transaction,
  directories: readonly string[],
): Promise<Set<string>> {
  const rows = await transaction.query<{ directory: string }>(
    'failing_any',
    `select d.directory from unnest($1::uuid[]) d(directory)
     where exists (select from failing f where f.directory = d.directory)`,
    [directories],
  );
  return new Set(rows.map(({ directory }) => directory));
}

/** Takes away what this round shows to work again; gives the incidents that something was taken from. */
export async function clearFailing(
  transaction: Transaction,
  { directory, successes, lastSuccessAt }: Round,
): Promise<string[]> {
  const ofKeys = await transaction.query<{ incident: string }>(
    'failing_clear_keys',
    `delete from failing where directory = $1 and family = 'any' and last_at <= $2 returning incident`,
    [directory, lastSuccessAt],
  );
  const ofTargets = await transaction.query<{ incident: string }>(
    'failing_clear',
    `delete from failing f using unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) s(key, family, touched, at)
     where f.directory = $1 and f.key = s.key and f.family = s.family and f.last_at <= s.at
       and (f.attribute is null or s.touched is null or s.touched::jsonb ? f.attribute)
     returning f.incident`,
    [
      directory,
      successes.map(({ key }) => key),
      successes.map(({ family }) => family),
      successes.map(({ touched }) => (touched === null ? null : JSON.stringify(touched))),
      successes.map(({ at }) => at),
    ],
  );
  return [...new Set([...ofKeys, ...ofTargets].map(({ incident }) => incident))];
}

/** Notes what these failures stand in the way of. */
export async function keepFailing(
  transaction: Transaction,
  incident: string,
  directory: string,
  targets: readonly Target[],
): Promise<void> {
  if (targets.length === 0) return;
  await transaction.query(
    'failing_keep',
    `insert into failing (incident, key, directory, family, attribute, is_reference, first_at, last_at)
     select $1, t.key, $2, t.family, t.attribute, t.is_reference, t.at, t.at
     from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[]) t(key, family, attribute, is_reference, at)
     on conflict (incident, key) do update set last_at = greatest(failing.last_at, excluded.last_at)`,
    [
      incident,
      directory,
      targets.map(({ key }) => key),
      targets.map(({ family }) => family),
      targets.map(({ attribute }) => attribute),
      targets.map(({ isReference }) => isReference),
      targets.map(({ at }) => at),
    ],
  );
}

/** Of these incidents, those of which nothing fails any more. */
export async function withNothingFailing(transaction: Transaction, incidents: readonly string[]): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    'failing_none',
    `select i.id from incident i where i.id = any($1::uuid[]) and i.status <> 'resolved'
       and not exists (select from failing f where f.incident = i.id)`,
    [incidents],
  );
  return rows.map(({ id }) => id);
}

/** Forgets what is not tried any more: Entra lets go of an object after 28 days, and tries daily until then. */
export async function dropQuiet(transaction: Transaction, before: Date): Promise<string[]> {
  const rows = await transaction.query<{ incident: string }>(
    'failing_quiet',
    'delete from failing where last_at < $1 returning incident',
    [before],
  );
  return [...new Set(rows.map(({ incident }) => incident))];
}
