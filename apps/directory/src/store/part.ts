import type { ListedResource, StoredResource } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import {
  groupsWithMembers,
  type Kind,
  type ResourceRow,
  stored,
  usersWithGroups,
  type WithRelated,
} from './relations.js';

/** As many groups of users and members of groups as one answer may hold: some 2 MB. One resource may have more. */
const RELATED_MAX = 20_000;

export type KindRow = ResourceRow & { kind: Kind };

/** For which kinds what belongs to them is wanted. */
export type Wanted = Record<Kind, boolean>;

/**
 * The first of these rows with what belongs to them, as many as one answer may hold and at least one; `taken` says how many
 * rows that are. Each go reads a bounded number of relations, and half as many rows as the one before.
 */
export async function firstPart(
  database: Database,
  directory: string,
  rows: readonly KindRow[],
  wanted: Wanted,
): Promise<{ resources: ListedResource[]; bytes?: Uint8Array; taken: number }> {
  for (let some = rows; ; some = some.slice(0, Math.ceil(some.length / 2))) {
    const max = some.length <= 1 ? null : Math.floor(RELATED_MAX / some.length);
    const related = await relatedOf(database, directory, some, wanted, max);
    const end = some.findIndex(({ id }) => isTooMuch(related.get(id)));
    const taken = end < 0 ? some.length : end;
    if (taken === 0 && some.length > 1) continue;
    const resources = some.slice(0, taken).flatMap((row): ListedResource[] => {
      const resource = wanted[row.kind] ? related.get(row.id)?.resource : stored(row);
      return resource === undefined ? [] : [listed(row.kind, resource)];
    });
    const members = some.slice(0, taken).flatMap(({ id }) => related.get(id)?.members ?? []);
    return { resources, taken, ...(members.length > 0 && { bytes: Buffer.concat(members) }) };
  }
}

const isTooMuch = (related: WithRelated | undefined) => related !== undefined && related.resource === undefined;

const listed = (kind: Kind, resource: StoredResource): ListedResource => ({
  ...resource,
  type: kind === 'user' ? 'User' : 'Group',
});

async function relatedOf(
  database: Database,
  directory: string,
  rows: readonly KindRow[],
  wanted: Wanted,
  max: number | null,
): Promise<Map<string, WithRelated>> {
  const of = (kind: Kind) => (wanted[kind] ? rows.filter((row) => row.kind === kind) : []);
  const [users, groups] = [of('user'), of('group')];
  const ids = groups.map(({ id }) => id);
  return new Map([
    ...(users.length > 0 ? await usersWithGroups(database, users, max) : []),
    ...(groups.length > 0 ? await groupsWithMembers(database, directory, ids, max) : []),
  ]);
}
