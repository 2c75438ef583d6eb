import type { DirectoryQuery, Place } from '#libs/contracts';
import { filterToSql, GROUP_TABLE, orderSql, type ResourceTypes, sortKey, type SortKey, USER_TABLE } from '#libs/scim';
import type { Kind } from './relations.js';

const KINDS = {
  user: { table: 'users', type: 'User', columns: USER_TABLE },
  group: { table: 'groups', type: 'Group', columns: GROUP_TABLE },
} as const;

export type Asked = Extract<DirectoryQuery, { find: 'users' | 'groups' | 'all' }>;
/** A question with what users and groups are in its directory. */
export type ListQuery = Asked & { types: ResourceTypes };

/** The rows of one kind that a list is made of, with alias `r`. */
interface Part {
  kind: Kind;
  table: string;
  where: string;
  /** What they are sorted by; of the type of the whole selection's key. */
  key: string | undefined;
}

/** What a question selects, as SQL whose values are parameters. */
export interface Selection {
  parts: Part[];
  keyType: SortKey['type'] | undefined;
  isDescending: boolean;
  values: unknown[];
}

export const kindsOf = ({ find }: Asked): Kind[] =>
  find === 'all' ? ['user', 'group'] : [find === 'users' ? 'user' : 'group'];

/** Writes what a question selects; `$1` is the directory. Throws ScimError 400 invalidFilter. */
export function selectionOf(directory: string, query: ListQuery): Selection {
  const { filter, sort, types } = query;
  const values: unknown[] = [directory];
  const kinds = kindsOf(query);
  const keys = kinds.map((kind) => sort && sortKey(types[KINDS[kind].type], sort.by, KINDS[kind].columns));
  const keyType = keys.find((key) => key !== undefined)?.type;
  const parts = kinds.map((kind, at): Part => {
    const { table, type, columns } = KINDS[kind];
    // Users and groups may have something of the same name and of different types; then only one of them sorts by it.
    const own = keys[at]?.type === keyType ? keys[at]?.sql : undefined;
    const condition = filter === null ? undefined : filterToSql(types[type], filter, columns, values.length + 1);
    values.push(...(condition?.values ?? []));
    const where = condition === undefined ? '' : ` and ${condition.text}`;
    return { kind, table, where, key: own ?? (keyType === undefined ? undefined : `null::${keyType}`) };
  });
  return { parts, keyType, isDescending: sort?.isDescending ?? false, values };
}

/** How a selection is ordered: by its key, then by id (so by creation). */
export function orderOf({ keyType, isDescending }: Selection): string {
  return keyType === undefined ? 'p.id' : `${orderSql('p.sort_key', isDescending)}, p.id`;
}

/** The rows after a place, in that order: by key, those without one at the end or the beginning, then by id. */
export function afterPlace({ keyType, isDescending, values }: Selection, { key, id }: Place): string {
  const afterId = `p.id > $${values.push(id)}::uuid`;
  if (keyType === undefined) return afterId;
  if (key === null) return `((p.sort_key is null and ${afterId})${isDescending ? ' or p.sort_key is not null' : ''})`;
  const known = `$${values.push(key)}::${keyType}`;
  const beyond = isDescending ? `p.sort_key < ${known}` : `p.sort_key > ${known} or p.sort_key is null`;
  return `(${beyond} or (p.sort_key = ${known} and ${afterId}))`;
}
