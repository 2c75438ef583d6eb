import type { Statements } from '#libs/postgres';
import type { End } from './expiry.js';

/** One process at a time tells of ends; false: another one does so now. Held until the transaction ends. */
export async function holdExpiries(statements: Statements): Promise<boolean> {
  const [row] = await statements.query<{ held: boolean }>(
    'expiry_hold',
    "select pg_try_advisory_xact_lock(hashtextextended('expiries', 0)) as held",
  );
  return row?.held === true;
}

/** What has been told of these credentials' ends. */
export async function toldOf(
  statements: Statements,
  ids: readonly string[],
): Promise<Map<string, NonNullable<End['told']>>> {
  const rows = await statements.query<{ credential: string; expires_at: Date; days_left: number }>(
    'expiry_told_find',
    'select credential, expires_at, days_left from expiry_told where credential = any($1)',
    [ids],
  );
  return new Map(
    rows.map((row) => [row.credential, { expiresAt: row.expires_at.toISOString(), daysLeft: row.days_left }]),
  );
}

/** Remembers that this step has been told. */
export async function keepTold(
  statements: Statements,
  credential: string,
  { expiresAt, daysLeft }: NonNullable<End['told']>,
): Promise<void> {
  await statements.query(
    'expiry_told_keep',
    `insert into expiry_told (credential, expires_at, days_left) values ($1, $2, $3)
     on conflict (credential) do update set expires_at = excluded.expires_at, days_left = excluded.days_left`,
    [credential, expiresAt, daysLeft],
  );
}
