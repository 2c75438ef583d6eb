import type { Member } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import type { Attributes, Extension } from '#libs/scim';
import { typesAt } from '../schema/schema.queries.js';
import { type Entity, type KnownDirectory, type Members, type Need, needKey, type World } from './world.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface EntityRow extends Record<string, unknown> {
  directory_id: string;
  id: string;
  version: number;
  created_at: Date;
  last_modified: Date;
  attributes: Attributes;
}

// Behind this fence PostgreSQL can only look up one row after another; it would else join all of the directory's rows, which
// looks cheap when there are few. These statements have no name and so are planned each time, for the size that the tables
// have by then: a plan that is kept from when they were small may go by another index, through all rows of a directory.
const PLANNED_EACH_TIME = '';
const ONE_BY_ONE = 'offset 0';

/** Teaches the world what it does not know yet, with one read for each kind of need, whatever their number. */
export async function load(database: Database, world: World, needs: readonly Need[]): Promise<void> {
  const open = new Map<string, Need>();
  for (const need of needs) if (!world.knows(need)) open.set(needKey(need), need);
  const all = [...open.values()];
  const of = <Kind extends Need['of']>(kind: Kind) =>
    all.filter((need): need is Extract<Need, { of: Kind }> => need.of === kind);
  await Promise.all([
    directories(database, world, of('directory')),
    entities(database, world, 'user', all.filter(isEntity('user'))),
    entities(database, world, 'group', all.filter(isEntity('group'))),
    names(database, world, 'userName', of('userName')),
    names(database, world, 'groupName', of('groupName')),
    memberships(database, world, of('membership')),
    members(database, world, of('members')),
    groupsOf(database, world, of('groupsOf')),
  ]);
}

type EntityNeed = Extract<Need, { of: 'user' | 'group' }>;
const isEntity =
  (kind: 'user' | 'group') =>
  (need: Need): need is EntityNeed =>
    need.of === kind;

async function directories(database: Database, world: World, needs: readonly Extract<Need, { of: 'directory' }>[]) {
  if (needs.length === 0) return;
  type Row = Omit<KnownDirectory, 'created' | 'extensions' | 'types'> & {
    created_at: Date;
    extensions: Extension[] | null;
  };
  const rows = await database.query<Row & Record<string, unknown>>(
    'load_directories',
    `select d.id, d.name, d.partition, d.sequence, d.version, d.created_at,
            coalesce(s.version, 0) as "schemaVersion", s.extensions
       from directory d left join directory_schema s on s.directory_id = d.id where d.id = any($1::uuid[])`,
    [needs.map(({ id }) => id)],
  );
  for (const need of needs) world.learn(need, null);
  for (const { created_at, ...row } of rows) {
    const extensions = row.extensions ?? [];
    const own = { extensions, types: typesAt(row.id, row.schemaVersion, extensions) };
    world.learn({ of: 'directory', id: row.id }, { ...row, ...own, created: created_at.toISOString() });
  }
}

async function entities(database: Database, world: World, kind: 'user' | 'group', needs: readonly EntityNeed[]) {
  if (needs.length === 0) return;
  for (const need of needs) world.learn(need, null);
  const wanted = needs.filter(({ id }) => UUID.test(id)); // an id that Roster never gave is nobody's
  if (wanted.length === 0) return;
  const rows = await database.query<EntityRow>(
    PLANNED_EACH_TIME,
    `select r.directory_id, r.id, r.version, r.created_at, r.last_modified, r.attributes
       from unnest($1::uuid[], $2::uuid[]) as n(directory_id, id) cross join lateral (
         select * from ${kind}s t where t.directory_id = n.directory_id and t.id = n.id ${ONE_BY_ONE}) r`,
    [wanted.map(({ directory }) => directory), wanted.map(({ id }) => id)],
  );
  for (const row of rows) world.learn({ of: kind, directory: row.directory_id, id: row.id }, entity(row));
}

const entity = ({ id, version, created_at, last_modified, attributes }: EntityRow): Entity => ({
  id,
  version,
  created: created_at.toISOString(),
  lastModified: last_modified.toISOString(),
  attributes,
});

async function names(
  database: Database,
  world: World,
  of: 'userName' | 'groupName',
  needs: readonly Extract<Need, { of: 'userName' | 'groupName' }>[],
) {
  if (needs.length === 0) return;
  const [table, column] = of === 'userName' ? ['users', 'user_name_key'] : ['groups', 'display_name_key'];
  const rows = await database.query<{ directory_id: string; id: string; key: string }>(
    PLANNED_EACH_TIME,
    `select r.directory_id, r.id, r.${column} as key
       from unnest($1::uuid[], $2::text[]) as n(directory_id, key) cross join lateral (
         select * from ${table} t where t.directory_id = n.directory_id and t.${column} = n.key ${ONE_BY_ONE}) r`,
    [needs.map(({ directory }) => directory), needs.map(({ key }) => key)],
  );
  for (const need of needs) world.learn(need, null);
  for (const row of rows) world.learn({ of, directory: row.directory_id, key: row.key }, row.id);
}

async function memberships(database: Database, world: World, needs: readonly Extract<Need, { of: 'membership' }>[]) {
  if (needs.length === 0) return;
  for (const need of needs) world.learn(need, false);
  const wanted = needs.filter(({ group, member }) => UUID.test(group) && UUID.test(member));
  if (wanted.length === 0) return;
  const rows = await database.query<{ group_id: string; member_id: string }>(
    PLANNED_EACH_TIME,
    `select m.group_id, m.member_id from unnest($1::uuid[], $2::uuid[]) as n(group_id, member_id) cross join lateral (
       select * from group_member t where t.group_id = n.group_id and t.member_id = n.member_id ${ONE_BY_ONE}) m`,
    [wanted.map(({ group }) => group), wanted.map(({ member }) => member)],
  );
  for (const row of rows) world.learn({ of: 'membership', group: row.group_id, member: row.member_id }, true);
}

async function members(database: Database, world: World, needs: readonly Extract<Need, { of: 'members' }>[]) {
  if (needs.length === 0) return;
  const rows = await database.query<{ group_id: string; member_id: string; member_type: Member['type'] }>(
    'load_members',
    'select group_id, member_id, member_type from group_member where group_id = any($1::uuid[])',
    [needs.map(({ group }) => group)],
  );
  const found = new Map<string, Members>(needs.map(({ group }) => [group, new Map()]));
  for (const row of rows) found.get(row.group_id)?.set(row.member_id, row.member_type);
  for (const need of needs) world.learn(need, found.get(need.group) ?? new Map());
}

async function groupsOf(database: Database, world: World, needs: readonly Extract<Need, { of: 'groupsOf' }>[]) {
  if (needs.length === 0) return;
  const rows = await database.query<{ group_id: string; member_id: string }>(
    'load_groups_of',
    'select group_id, member_id from group_member where member_id = any($1::uuid[])',
    [needs.map(({ member }) => member)],
  );
  const found = new Map<string, string[]>(needs.map(({ member }) => [member, []]));
  for (const row of rows) found.get(row.member_id)?.push(row.group_id);
  for (const need of needs) world.learn(need, found.get(need.member) ?? []);
}
