import type { KeyScope } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { KeyRow } from './key.projection.js';

const LIST_MAX = 1000;
const COLUMNS = `key.id, directory, name, scopes, secret_sha256, created_at, expires_at, revoked_at, disabled_at,
  rotated_at, successor, predecessor, requests_per_second, version`;

/** Writes the row of a key as it is now. */
export async function saveKey(statements: Statements, row: KeyRow): Promise<void> {
  await statements.query(
    'key_save',
    `insert into key (id, directory, name, scopes, secret_sha256, created_at, expires_at, revoked_at, disabled_at,
       rotated_at, successor, predecessor, requests_per_second, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (id) do update set expires_at = excluded.expires_at, revoked_at = excluded.revoked_at,
       disabled_at = excluded.disabled_at, rotated_at = excluded.rotated_at, successor = excluded.successor,
       requests_per_second = excluded.requests_per_second, version = excluded.version`,
    [
      row.id,
      row.directory,
      row.name,
      row.scopes,
      row.secretSha256,
      row.createdAt,
      row.expiresAt,
      row.revokedAt,
      row.disabledAt,
      row.rotatedAt,
      row.successor,
      row.predecessor,
      row.requestsPerSecond,
      row.version,
    ],
  );
}

/** The keys of a directory (null: those that reach all), newest first, dead ones too. */
export async function keysOf(statements: Statements, directory: string | null): Promise<KeyRow[]> {
  const rows = await statements.query<StoredKey>(
    'key_list',
    `select ${COLUMNS} from key where directory is not distinct from $1::uuid
     order by created_at desc, id limit ${LIST_MAX}`,
    [directory],
  );
  return rows.map(rowFrom);
}

/** The ids of a directory's keys that neither were revoked nor have expired, oldest first. */
export async function liveKeys(statements: Statements, directory: string | null, now: Date): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(
    'key_live',
    `select id from key where directory is not distinct from $1::uuid and revoked_at is null
       and (expires_at is null or expires_at > $2) order by created_at, id`,
    [directory, now],
  );
  return rows.map(({ id }) => id);
}

/** These keys, locked against change until the transaction ends. */
export async function lockKeys(statements: Statements, ids: readonly string[]): Promise<KeyRow[]> {
  const rows = await statements.query<StoredKey>(
    'key_lock',
    // In one order for everybody, so that two who lock several do not wait for each other.
    `select ${COLUMNS} from key where id = any($1) order by id for update`,
    [ids],
  );
  return rows.map(rowFrom);
}

/** The version of every key there is. */
export async function keyVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query<{ id: string; version: number }>('key_versions', 'select id, version from key order by id');
}

/** Keys that end in this span and were not revoked. */
export async function keysEndingBetween(statements: Statements, from: Date, until: Date): Promise<KeyRow[]> {
  const rows = await statements.query<StoredKey>(
    'key_ending',
    `select ${COLUMNS} from key where expires_at between $1 and $2 and revoked_at is null order by expires_at, id`,
    [from, until],
  );
  return rows.map(rowFrom);
}

interface StoredKey extends Record<string, unknown> {
  id: string;
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  secret_sha256: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  disabled_at: Date | null;
  rotated_at: Date | null;
  successor: string | null;
  predecessor: string | null;
  requests_per_second: number | null;
  version: number;
}

function rowFrom(stored: StoredKey): KeyRow {
  const { id, directory, name, scopes, successor, predecessor, version } = stored;
  return {
    id,
    directory,
    name,
    scopes,
    secretSha256: stored.secret_sha256,
    createdAt: stored.created_at.toISOString(),
    expiresAt: stored.expires_at?.toISOString() ?? null,
    revokedAt: stored.revoked_at?.toISOString() ?? null,
    disabledAt: stored.disabled_at?.toISOString() ?? null,
    rotatedAt: stored.rotated_at?.toISOString() ?? null,
    successor,
    predecessor,
    requestsPerSecond: stored.requests_per_second,
    version,
  };
}
