import type { KeyScope } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { KeyRow } from './key.projection.js';

const LIST_MAX = 1000;
const COLUMNS = 'id, directory, name, scopes, secret_sha256, created_at, expires_at, revoked_at, version';

/** Writes the row of a key as it is now. */
export async function saveKey(statements: Statements, row: KeyRow): Promise<void> {
  await statements.query(
    'key_save',
    `insert into key (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set revoked_at = excluded.revoked_at, version = excluded.version`,
    [
      row.id,
      row.directory,
      row.name,
      row.scopes,
      row.secretSha256,
      row.createdAt,
      row.expiresAt,
      row.revokedAt,
      row.version,
    ],
  );
}

/** The keys of a directory, newest first, dead ones too. */
export async function keysOf(statements: Statements, directory: string): Promise<KeyRow[]> {
  const rows = await statements.query<Stored>(
    'key_list',
    `select ${COLUMNS} from key where directory = $1 order by created_at desc, id limit ${LIST_MAX}`,
    [directory],
  );
  return rows.map(asRow);
}

/** These keys, locked against change until the transaction ends. */
export async function lockKeys(statements: Statements, ids: readonly string[]): Promise<KeyRow[]> {
  const rows = await statements.query<Stored>(
    'key_lock',
    // In one order for everybody, so that two who lock several do not wait for each other.
    `select ${COLUMNS} from key where id = any($1) order by id for update`,
    [ids],
  );
  return rows.map(asRow);
}

/** The version of every key there is. */
export async function keyVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query<{ id: string; version: number }>('key_versions', 'select id, version from key order by id');
}

interface Stored extends Record<string, unknown> {
  id: string;
  directory: string;
  name: string;
  scopes: KeyScope[];
  secret_sha256: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  version: number;
}

function asRow(stored: Stored): KeyRow {
  const { id, directory, name, scopes, version } = stored;
  return {
    id,
    directory,
    name,
    scopes,
    secretSha256: stored.secret_sha256,
    createdAt: stored.created_at.toISOString(),
    expiresAt: stored.expires_at?.toISOString() ?? null,
    revokedAt: stored.revoked_at?.toISOString() ?? null,
    version,
  };
}
