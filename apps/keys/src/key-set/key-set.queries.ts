import type { Federation, KeySetState } from '#libs/contracts';
import type { Statements } from '#libs/postgres';

type Keys = Record<string, unknown>[];

export interface KeySetRow {
  id: string;
  issuer: string;
  jwksUri: string | null;
  keys: Keys;
  fetchedAt: string;
}

/** Keeps what an issuer publishes; the version grows when the keys are others. */
export async function saveKeySet(
  statements: Statements,
  id: string,
  { issuer, jwksUri }: Pick<Federation, 'issuer' | 'jwksUri'>,
  keys: Keys,
  now: Date,
): Promise<void> {
  await statements.query(
    'key_set_save',
    `insert into key_set (id, issuer, jwks_uri, keys, fetched_at, version) values ($1, $2, $3, $4, $5, 1)
     on conflict (id) do update set keys = excluded.keys, fetched_at = excluded.fetched_at,
       version = key_set.version + (key_set.keys is distinct from excluded.keys)::int`,
    [id, issuer, jwksUri ?? null, JSON.stringify(keys), now],
  );
}

export async function findKeySet(statements: Statements, id: string): Promise<KeySetRow | undefined> {
  const [row] = await statements.query<{ issuer: string; jwks_uri: string | null; keys: Keys; fetched_at: Date }>(
    'key_set_find',
    'select issuer, jwks_uri, keys, fetched_at from key_set where id = $1',
    [id],
  );
  if (row === undefined) return undefined;
  return { id, issuer: row.issuer, jwksUri: row.jwks_uri, keys: row.keys, fetchedAt: row.fetched_at.toISOString() };
}

export async function lockKeySets(statements: Statements, ids: readonly string[]): Promise<KeySetState[]> {
  const rows = await statements.query<{ id: string; keys: Keys; version: number }>(
    'key_set_lock',
    'select id, keys, version from key_set where id = any($1) order by id for update',
    [ids],
  );
  return rows.map(({ id, keys, version }) => ({ kind: 'key-set', id, keys, version }));
}

export async function keySetVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query<{ id: string; version: number }>('key_set_versions', 'select id, version from key_set');
}

/** Key sets of clients in force that were read before this time. */
export async function keySetsReadBefore(statements: Statements, time: Date): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(
    'key_set_old',
    `select id from key_set where fetched_at < $1
       and exists (select from client where key_set = key_set.id and revoked_at is null)`,
    [time],
  );
  return rows.map(({ id }) => id);
}
