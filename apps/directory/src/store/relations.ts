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

type Related = Pick<StoredResource, 'groups' | 'members'>;

/** The resources of these rows, with the groups of users or the members of groups if asked for: one read for all. */
export async function withRelations(
  database: Database,
  kind: Kind,
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

async function relations(database: Database, kind: Kind, ids: readonly string[]): Promise<Map<string, Related>> {
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
  const rows = await Together.over(database).rowsAbout<{ member_id: string; value: string; display: string }>(
    'groups_of',
    `select m.member_id, g.id as value, g.attributes ->> 'displayName' as display
       from group_member m join groups g on g.id = m.group_id and g.directory_id = m.directory_id
      where m.member_id = any($1::uuid[]) order by g.id`,
    'member_id',
    ids,
  );
  const found = new Map<string, Required<Pick<StoredResource, 'groups'>>>(ids.map((id) => [id, { groups: [] }]));
  for (const { member_id, value, display } of rows) found.get(member_id)?.groups.push({ value, display });
  return found;
}
