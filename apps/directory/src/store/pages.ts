import type { DirectoryQuery, ListedResource, Place } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { filterToSql, GROUP_TABLE, orderSql, type ResourceTypes, sortKey, type SortKey, USER_TABLE } from '#libs/scim';
import { typesSince } from '../schema/schema.queries.js';
import { type Kind, type ResourceRow, withRelations } from './relations.js';
import { statementName } from './statement-name.js';

const KINDS = {
  user: { table: 'users', type: 'User', columns: USER_TABLE },
  group: { table: 'groups', type: 'Group', columns: GROUP_TABLE },
} as const;

type Asked = Extract<DirectoryQuery, { find: 'users' | 'groups' | 'all' }>;
/** A question with what users and groups are in its directory. */
type ListQuery = Asked & { types: ResourceTypes };
type Row = ResourceRow & { kind: Kind; place: string | null };

const kindsOf = ({ find }: Asked): Kind[] =>
  find === 'all' ? ['user', 'group'] : [find === 'users' ? 'user' : 'group'];

/**
 * A page of users, of groups or of both, in the order asked for and then in that of their ids (so of their creation), and
 * how many there are in all. By cursor, a page begins after a place, so that rows that come or go elsewhere move nothing.
 */
export async function findPage(
  database: Database,
  directory: string,
  asked: Asked,
): Promise<{ total: number; resources: ListedResource[]; next?: Place }> {
  const query = { ...asked, types: await typesSince(database, directory, asked.schemaVersion) };
  const { count } = query;
  const isByCursor = query.after !== undefined;
  const offset = isByCursor ? 0 : query.startIndex - 1;
  // One more than asked for tells whether there is a next page.
  const rows =
    count === 0 ? [] : await pageOf(database, directory, query, { limit: isByCursor ? count + 1 : count, offset });
  const page = rows.slice(0, count);
  const last = rows.length > count ? page.at(-1) : undefined;
  // A page that is not full ends the list, so it says how long the list is.
  const isEnd = count > 0 && rows.length < count && (rows.length > 0 || offset === 0);
  const total =
    isEnd && (query.after ?? null) === null ? offset + rows.length : await countOf(database, directory, query);
  const resources = await withKinds(database, page, query);
  return { total, resources, ...(last !== undefined && { next: { key: last.place, id: last.id } }) };
}

async function pageOf(
  database: Database,
  directory: string,
  query: ListQuery,
  { limit, offset }: { limit: number; offset: number },
): Promise<Row[]> {
  const values: unknown[] = [directory];
  const kinds = kindsOf(query);
  const keys = kinds.map(
    (kind) => query.sort && sortKey(query.types[KINDS[kind].type], query.sort.by, KINDS[kind].columns),
  );
  const type = keys.find((key) => key !== undefined)?.type;
  const selects = kinds.map((kind, at) => {
    // Users and groups may have something of the same name and of different types; then only one of them sorts by it.
    const own = keys[at]?.type === type ? keys[at]?.sql : undefined;
    const key = own ?? (type === undefined ? undefined : `null::${type}`);
    return `select r.id, r.version, r.created_at, r.last_modified, r.attributes, '${kind}' as kind${
      key === undefined ? '' : `, ${key} as sort_key`
    } from ${KINDS[kind].table} r where r.directory_id = $1 and ${condition(kind, query, values)}`;
  });
  const where = query.after ? ` where ${afterPlace(query.after, type, query.sort?.isDescending ?? false, values)}` : '';
  const order = type === undefined ? '' : `${orderSql('p.sort_key', query.sort?.isDescending ?? false)}, `;
  const key = type === undefined ? 'null' : 'p.sort_key::text';
  const text = `select p.*, ${key} as place from (${selects.join(' union all ')}) p${where}
    order by ${order}p.id limit $${values.push(limit)} offset $${values.push(offset)}`;
  return database.query<Row>(statementName('page', text), text, values);
}

/** The rows after a place, in the order of `orderSql`: by key, those without one at the end or the beginning, then by id. */
function afterPlace(
  { key, id }: Place,
  type: SortKey['type'] | undefined,
  isDescending: boolean,
  values: unknown[],
): string {
  const afterId = `p.id > $${values.push(id)}::uuid`;
  if (type === undefined) return afterId;
  if (key === null) return `((p.sort_key is null and ${afterId})${isDescending ? ' or p.sort_key is not null' : ''})`;
  const known = `$${values.push(key)}::${type}`;
  const beyond = isDescending ? `p.sort_key < ${known}` : `p.sort_key > ${known} or p.sort_key is null`;
  return `(${beyond} or (p.sort_key = ${known} and ${afterId}))`;
}

async function countOf(database: Database, directory: string, query: ListQuery): Promise<number> {
  const values: unknown[] = [directory];
  const counts = kindsOf(query).map(
    (kind) =>
      `(select count(*) from ${KINDS[kind].table} r where r.directory_id = $1 and ${condition(kind, query, values)})`,
  );
  const text = `select ${counts.join(' + ')} as total`;
  const [row] = await database.query<{ total: number }>(statementName('count', text), text, values);
  return row?.total ?? 0;
}

function condition(kind: Kind, { filter, types }: ListQuery, values: unknown[]): string {
  if (filter === null) return 'true';
  const { type, columns } = KINDS[kind];
  const sql = filterToSql(types[type], filter, columns, values.length + 1);
  values.push(...sql.values);
  return sql.text;
}

/** The rows of each kind with what belongs to them, in the order of the page. */
async function withKinds(database: Database, rows: readonly Row[], query: ListQuery): Promise<ListedResource[]> {
  const related = {
    user: query.find !== 'groups' && query.withGroups,
    group: query.find !== 'users' && query.withMembers,
  };
  const found = new Map<string, ListedResource>();
  for (const kind of kindsOf(query)) {
    const own = rows.filter((row) => row.kind === kind);
    for (const stored of await withRelations(database, kind, own, related[kind])) {
      found.set(stored.id, { ...stored, type: kind === 'user' ? 'User' : 'Group' });
    }
  }
  return rows.flatMap(({ id }) => found.get(id) ?? []);
}
