import type { DirectorySummary, StoredResource } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { groupsWithMembers, type Kind, type ResourceRow, stored, usersWithGroups } from './relations.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One user or group, with what belongs to it if asked for; null when this directory has none with that id. */
export async function findOne(
  database: Database,
  kind: Kind,
  directory: string,
  id: string,
  withRelated: boolean,
): Promise<{ resource: StoredResource; bytes?: Uint8Array } | null> {
  if (!UUID.test(id)) return null;
  if (kind === 'group' && withRelated) {
    const found = (await groupsWithMembers(database, directory, [id], null)).get(id);
    return found?.resource === undefined ? null : { resource: found.resource, bytes: found.members };
  }
  const [row] = await database.query<ResourceRow>(
    `find_${kind}`,
    `select id, version, created_at, last_modified, attributes from ${kind}s where directory_id = $1 and id = $2`,
    [directory, id],
  );
  if (row === undefined) return null;
  if (kind === 'group' || !withRelated) return { resource: stored(row) };
  const resource = (await usersWithGroups(database, [row], null)).get(id)?.resource;
  return resource === undefined ? null : { resource };
}

/** Every directory, oldest first. */
export async function listDirectories(database: Database): Promise<DirectorySummary[]> {
  const rows = await database.query<{ id: string; name: string; created_at: Date; sequence: number }>(
    'list_directories',
    'select id, name, created_at, sequence from directory order by created_at, id',
  );
  return rows.map(({ id, name, created_at, sequence }) => ({
    id,
    name,
    sequence,
    createdAt: created_at.toISOString(),
  }));
}
