import type { SigningKeyState } from '#libs/contracts';
import type { Statements } from '#libs/postgres';

/** Keeps the public half of a signing key until the last token that it signed has ended. */
export async function saveSigningKey(
  statements: Statements,
  { id, jwk, until }: { id: string; jwk: Record<string, unknown>; until: Date },
): Promise<void> {
  await statements.query('signing_key_save', 'insert into signing_key (id, jwk, until) values ($1, $2, $3)', [
    id,
    JSON.stringify(jwk),
    until,
  ]);
}

export async function lockSigningKeys(statements: Statements, ids: readonly string[]): Promise<SigningKeyState[]> {
  const rows = await statements.query<{ id: string; jwk: Record<string, unknown> }>(
    'signing_key_lock',
    'select id, jwk from signing_key where id = any($1) order by id for update',
    [ids],
  );
  return rows.map(({ id, jwk }) => ({ kind: 'signing-key', id, jwk, version: 1 }));
}

export async function signingKeyVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query<{ id: string; version: number }>(
    'signing_key_versions',
    'select id, 1 as version from signing_key',
  );
}

/** Deletes the keys of which no token is left, and gives their ids. */
export async function deleteSigningKeys(statements: Statements, now: Date): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(
    'signing_key_delete',
    'delete from signing_key where until < $1 returning id',
    [now],
  );
  return rows.map(({ id }) => id);
}
