import type { DirectoryQuery, DirectorySummary, StoredResource } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { type Attributes, filterToSql, type Filter, GROUP_TABLE, groupType, USER_TABLE, userType } from '#libs/scim';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const KINDS = {
  user: { table: 'users', type: userType, columns: USER_TABLE },
  group: { table: 'groups', type: groupType, columns: GROUP_TABLE },
} as const;

interface ResourceRow extends Record<string, unknown> {
  id: string;
  version: number;
  created_at: Date;
  last_modified: Date;
  attributes: Attributes;
}

type Related = Pick<StoredResource, 'groups' | 'members'>;

/** One user or group with its relations if asked for; null when this directory has none with that id. */
export async function findOne(
  database: Database,
  kind: 'user' | 'group',
  directory: string,
  id: string,
  withRelated: boolean,
): Promise<StoredResource | null> {
  if (!UUID.test(id)) return null;
  const [row] = await database.query<ResourceRow>(
    `find_${kind}`,
    `select id, version, created_at, last_modified, attributes from ${KINDS[kind].table} where directory_id = $1 and id = $2`,
    [directory, id],
  );
  if (row === undefined) return null;
  const [found] = await withRelations(database, kind, [row], withRelated);
  return found ?? null;
}

type ListQuery = Extract<DirectoryQuery, { find: 'users' | 'groups' }>;

/** A page of users or groups in the order of their ids (so of their creation), and how many there are in all. */
export async function findMany(
  database: Database,
  directory: string,
  query: ListQuery,
): Promise<{ total: number; resources: StoredResource[] }> {
  const kind = query.find === 'users' ? 'user' : 'group';
  const withRelated = query.find === 'users' ? query.withGroups : query.withMembers;
  const { text, values } = condition(kind, query.filter);
  const from = `from ${KINDS[kind].table} r where r.directory_id = $1 and ${text}`;
  const given = [directory, ...values];
  const offset = query.startIndex - 1;
  const rows =
    query.count === 0
      ? []
      : await database.query<ResourceRow>(
          statementName('page', from),
          `select r.id, r.version, r.created_at, r.last_modified, r.attributes ${from}
             order by r.id limit $${given.length + 1} offset $${given.length + 2}`,
          [...given, query.count, offset],
        );
  // A page that is not full ends the list, so it says how long the list is.
  const isLast = rows.length > 0 && rows.length < query.count;
  const total =
    isLast || (rows.length === 0 && offset === 0 && query.count > 0)
      ? offset + rows.length
      : await count(database, from, given);
  return { total, resources: await withRelations(database, kind, rows, withRelated) };
}

async function count(database: Database, from: string, values: readonly unknown[]): Promise<number> {
  const [row] = await database.query<{ total: number }>(
    statementName('count', from),
    `select count(*) as total ${from}`,
    values,
  );
  return row?.total ?? 0;
}

function condition(kind: 'user' | 'group', filter: Filter | null): { text: string; values: unknown[] } {
  if (filter === null) return { text: 'true', values: [] };
  return filterToSql(KINDS[kind].type, filter, KINDS[kind].columns, 2);
}

// PostgreSQL cuts names at 63 bytes, and callers' filters must not fill a connection with statements: only short and usual
// shapes get a name of their own, the rest run unnamed.
const NAMED_MAX = 200;
const names = new Map<string, string>();
function statementName(kind: 'page' | 'count', from: string): string {
  const key = `${kind} ${from}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size >= NAMED_MAX) return '';
  const name = `list_${kind}_${names.size}`;
  names.set(key, name);
  return name;
}

async function withRelations(
  database: Database,
  kind: 'user' | 'group',
  rows: readonly ResourceRow[],
  withRelated: boolean,
): Promise<StoredResource[]> {
  const related = withRelated
    ? await relations(
        database,
        kind,
        rows.map(({ id }) => id),
      )
    : undefined;
  return rows.map(({ id, version, created_at, last_modified, attributes }) => ({
    id,
    attributes,
    version,
    created: created_at.toISOString(),
    lastModified: last_modified.toISOString(),
    ...related?.get(id),
  }));
}

async function relations(
  database: Database,
  kind: 'user' | 'group',
  ids: readonly string[],
): Promise<Map<string, Related>> {
  if (ids.length === 0) return new Map();
  if (kind === 'group') {
    const rows = await database.query<{ group_id: string; value: string; type: 'User' | 'Group' }>(
      'members_of',
      'select group_id, member_id as value, member_type as type from group_member where group_id = any($1::uuid[]) order by member_id',
      [ids],
    );
    const found = new Map<string, Required<Pick<StoredResource, 'members'>>>(ids.map((id) => [id, { members: [] }]));
    for (const { group_id, value, type } of rows) found.get(group_id)?.members.push({ value, type });
    return found;
  }
  const rows = await database.query<{ member_id: string; value: string; display: string }>(
    'groups_of',
    `select m.member_id, g.id as value, g.attributes ->> 'displayName' as display
       from group_member m join groups g on g.id = m.group_id and g.directory_id = m.directory_id
      where m.member_id = any($1::uuid[]) order by g.id`,
    [ids],
  );
  const found = new Map<string, Required<Pick<StoredResource, 'groups'>>>(ids.map((id) => [id, { groups: [] }]));
  for (const { member_id, value, display } of rows) found.get(member_id)?.groups.push({ value, display });
  return found;
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
