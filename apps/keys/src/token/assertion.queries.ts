import type { Statements } from '#libs/postgres';

/**
 * Remembers that an assertion was used, for as long as it could be used again. False: it was, by another command. The same
 * command may come again, since the log hands it over at least once.
 */
export async function keepAssertion(
  statements: Statements,
  { sha256, expiresAt, commandId }: { sha256: string; expiresAt: string; commandId: string },
  now: Date,
): Promise<boolean> {
  await statements.query('assertion_prune', 'delete from assertion where expires_at < $1', [now]);
  const [row] = await statements.query<{ command_id: string }>(
    'assertion_keep',
    `insert into assertion (sha256, command_id, expires_at) values ($1, $2, $3)
     on conflict (sha256) do update set sha256 = excluded.sha256 returning command_id`,
    [sha256, commandId, expiresAt],
  );
  return row?.command_id === commandId;
}
