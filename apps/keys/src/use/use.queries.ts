import type { LastUse } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { Use } from './use.js';

/** Keeps the last use of each key, at most one write a minute for each. `uses` names a key once. */
export async function keepUses(statements: Statements, uses: readonly Use[]): Promise<void> {
  await statements.query(
    'key_use_keep',
    `insert into key_use (id, used_at, address, user_agent)
     select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[])
     on conflict (id) do update
       set used_at = excluded.used_at, address = excluded.address, user_agent = excluded.user_agent
       where excluded.used_at >= key_use.used_at + interval '1 minute'`,
    [
      uses.map(({ id }) => id),
      uses.map(({ at }) => at),
      uses.map(({ address }) => address),
      uses.map(({ userAgent }) => userAgent),
    ],
  );
}

/** The last use of these keys, as far as they were used. */
export async function lastUses(statements: Statements, ids: readonly string[]): Promise<Map<string, LastUse>> {
  const rows = await statements.query<{ id: string; used_at: Date; address: string | null; user_agent: string | null }>(
    'key_use_find',
    'select id, used_at, address, user_agent from key_use where id = any($1)',
    [ids],
  );
  return new Map(
    rows.map(({ id, used_at, address, user_agent }) => [
      id,
      { at: used_at.toISOString(), address, userAgent: user_agent },
    ]),
  );
}
