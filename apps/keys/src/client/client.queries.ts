import type { Federation, KeyScope } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { ClientSecret } from './client.decider.js';
import type { ClientRow } from './client.projection.js';

const LIST_MAX = 1000;
const COLUMNS = `id, directory, name, scopes, token_life_s, secrets, federation, key_set, created_at, revoked_at, version`;

export async function saveClient(statements: Statements, row: ClientRow): Promise<void> {
  await statements.query(
    'client_save',
    `insert into client (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (id) do update set secrets = excluded.secrets, revoked_at = excluded.revoked_at, version = excluded.version`,
    [
      row.id,
      row.directory,
      row.name,
      row.scopes,
      row.tokenLifeS,
      JSON.stringify(row.secrets),
      row.federation === null ? null : JSON.stringify(row.federation),
      row.keySet,
      row.createdAt,
      row.revokedAt,
      row.version,
    ],
  );
}

/** The clients of a directory (null: those that reach all), newest first. */
export async function clientsOf(statements: Statements, directory: string | null): Promise<ClientRow[]> {
  const rows = await statements.query<StoredClient>(
    'client_list',
    `select ${COLUMNS} from client where directory is not distinct from $1::uuid
     order by created_at desc, id limit ${LIST_MAX}`,
    [directory],
  );
  return rows.map(rowFrom);
}

/** These clients, locked against change until the transaction ends. */
export async function lockClients(statements: Statements, ids: readonly string[]): Promise<ClientRow[]> {
  const rows = await statements.query<StoredClient>(
    'client_lock',
    `select ${COLUMNS} from client where id = any($1) order by id for update`,
    [ids],
  );
  return rows.map(rowFrom);
}

/** A client as it stands, for a token; no lock, since it changes nothing. */
export async function findClient(statements: Statements, id: string): Promise<ClientRow | undefined> {
  const rows = await statements.query<StoredClient>('client_find', `select ${COLUMNS} from client where id = $1`, [id]);
  return rows.map(rowFrom)[0];
}

export async function clientVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query<{ id: string; version: number }>('client_versions', 'select id, version from client');
}

/** Clients in force that have a secret which ends. */
export async function clientsWithEnds(statements: Statements): Promise<ClientRow[]> {
  const rows = await statements.query<StoredClient>(
    'client_ends',
    `select ${COLUMNS} from client where revoked_at is null and jsonb_path_exists(secrets, '$[*].expiresAt ? (@ != null)')`,
  );
  return rows.map(rowFrom);
}

interface StoredClient extends Record<string, unknown> {
  id: string;
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  token_life_s: number;
  secrets: ClientSecret[];
  federation: Federation | null;
  key_set: string | null;
  created_at: Date;
  revoked_at: Date | null;
  version: number;
}

function rowFrom(stored: StoredClient): ClientRow {
  const { id, directory, name, scopes, secrets, federation, version } = stored;
  return {
    id,
    directory,
    name,
    scopes,
    tokenLifeS: stored.token_life_s,
    secrets,
    federation,
    keySet: stored.key_set,
    createdAt: stored.created_at.toISOString(),
    revokedAt: stored.revoked_at?.toISOString() ?? null,
    version,
  };
}
