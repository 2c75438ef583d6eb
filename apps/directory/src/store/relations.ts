import type { StoredResource } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import type { Attributes } from '#libs/scim';
import { Together } from './together.js';

export type Kind = 'user' | 'group';

/** A row of the read model's `users` or `groups`. */
export interface ResourceRow extends Record<string, unknown> {
  id: string;
  version: number;
  created_at: Date;
  last_modified: Date;
  attributes: Attributes;
}

/** A user or group with what belongs to it: nothing of it when that is more than was wanted. */
export interface WithRelated {
  resource?: StoredResource;
  /** Packed. */
  members?: Uint8Array;
}

export const stored = ({ id, version, created_at, last_modified, attributes }: ResourceRow): StoredResource => ({
  id,
  attributes,
  version,
  created: created_at.toISOString(),
  lastModified: last_modified.toISOString(),
});

/** The users of these rows with their groups: of each user whether there are at most `max` of them, or all for null. */
export async function usersWithGroups(
  database: Database,
  rows: readonly ResourceRow[],
  max: number | null,
): Promise<Map<string, WithRelated>> {
  const groups = new Map<string, Required<StoredResource>['groups']>(rows.map(({ id }) => [id, []]));
  const found = await groupsOf(database, [...groups.keys()], max === null ? null : max + 1);
  for (const { member_id, value, display } of found) groups.get(member_id)?.push({ value, display });
  return new Map(
    rows.map((row) => {
      const own = groups.get(row.id) ?? [];
      const isMore = max !== null && own.length > max;
      return [row.id, isMore ? {} : { resource: { ...stored(row), groups: own } }];
    }),
  );
}

interface GroupRow extends Record<string, unknown> {
  member_id: string;
  value: string;
  display: string;
}

function groupsOf(database: Database, users: readonly string[], limit: number | null): Promise<GroupRow[]> {
  if (users.length === 0) return Promise.resolve([]);
  if (limit === null) {
    return Together.over(database).rowsAbout<GroupRow>(
      'groups_of',
      `select m.member_id, g.id as value, g.attributes ->> 'displayName' as display
         from group_member m join groups g on g.id = m.group_id and g.directory_id = m.directory_id
        where m.member_id = any($1::uuid[]) order by g.id`,
      'member_id',
      users,
    );
  }
  return database.query<GroupRow>(
    'groups_of_up_to',
    `select u.id as member_id, g.value, g.display
       from unnest($1::uuid[]) u(id) cross join lateral (
         select g.id as value, g.attributes ->> 'displayName' as display
           from group_member m join groups g on g.id = m.group_id and g.directory_id = m.directory_id
          where m.member_id = u.id order by m.group_id limit $2) g`,
    [users, limit],
  );
}

/** Some of the members of a group, and in the first of its rows the rest of it. */
type MembersRow = Pick<ResourceRow, 'id' | 'version' | 'created_at' | 'last_modified'> & {
  attributes: Attributes | null;
  count: number;
  packed: string;
};

/** Members in one row of an answer from the database: what is longer than some 100 kB costs its driver many copies. */
const MEMBERS_A_ROW = 3_000;
const BYTES_A_ROW = 17 * MEMBERS_A_ROW;

/**
 * These groups with their members, packed: of each group whether it has at most `max` of them, or all for null. Group and
 * members come out of one statement, so that the members are those of the group's version; one that has gone is left out.
 */
export async function groupsWithMembers(
  database: Database,
  directory: string,
  ids: readonly string[],
  max: number | null,
): Promise<Map<string, WithRelated>> {
  const rows = await database.query<MembersRow>(
    'groups_with_members',
    `select g.id, g.version, g.created_at, g.last_modified, case when p.at = 0 then g.attributes end as attributes, m.count,
            encode(substring(m.packed from p.at * ${BYTES_A_ROW} + 1 for ${BYTES_A_ROW}), 'base64') as packed
       from groups g cross join lateral (
         select count(*)::int as count, coalesce(string_agg(
             uuid_send(e.member_id) || case e.member_type when 'Group' then '\\x01'::bytea else '\\x00' end,
             '' order by e.member_id), '') as packed
           from (select member_id, member_type from group_member
                  where group_id = g.id order by member_id limit $3::int + 1) e) m
       cross join lateral generate_series(
         0, case when m.count > $3::int then 0 else greatest(m.count - 1, 0) / ${MEMBERS_A_ROW} end) p(at)
      where g.directory_id = $1 and g.id = any($2::uuid[])
      order by g.id, p.at`,
    [directory, ids, max],
  );
  const found = new Map<string, { resource?: StoredResource; pieces: Buffer[] }>();
  for (const { attributes, count, packed, ...row } of rows) {
    const isMore = max !== null && count > max;
    if (attributes !== null) {
      const resource = { ...stored({ ...row, attributes }), members: count };
      found.set(row.id, { pieces: [], ...(!isMore && { resource }) });
    }
    if (!isMore) found.get(row.id)?.pieces.push(Buffer.from(packed, 'base64'));
  }
  return new Map(
    [...found].map(([id, { resource, pieces }]) => [
      id,
      resource === undefined ? {} : { resource, members: Buffer.concat(pieces) },
    ]),
  );
}
