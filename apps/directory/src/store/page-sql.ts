import type { Place } from '#libs/contracts';
import { afterPlace, orderOf, type Selection } from './selection.js';

/** Which rows of a selection: so many, from the offset on or after a place. */
export interface Window {
  limit: number;
  offset: number;
  after: Place | null;
}

export interface Statement {
  text: string;
  values: unknown[];
}

/**
 * Gives a page of a list and its `total` in one statement that first gathers the ids of all rows selected, `max` of them at
 * most. Nothing in it rewards PostgreSQL for walking through the table in the order of the page until it has found enough,
 * which costs the whole table when few match or those that match come last: an index for the condition is all that helps it,
 * whatever the values are. There is a row without id when the page is empty.
 */
export function gathered(selection: Selection, window: Window, max?: number): Statement {
  const found = selection.parts.map(({ table, ...part }) => idsOf(selection, part, `${table} r`));
  const text = `with found as materialized (
      select * from (${found.join(' union all ')}) f${max === undefined ? '' : ` limit ${max}`})
    select t.total, ${columns(selection)}
      from (select count(*) as total from found) t
      left join (${windowOf(selection, 'found', window)}) p on true
      ${withRows(selection)}`;
  return { text, values: selection.values };
}

/**
 * Gives a page alone, however PostgreSQL thinks it best. With `reach`, it looks at that many rows in the order of their ids
 * and at no others: what it finds then is right as far as it goes.
 */
export function paged(selection: Selection, window: Window, reach?: number): Statement {
  const found = selection.parts.map(({ table, ...part }) => {
    return idsOf(selection, part, reach === undefined ? `${table} r` : within(selection, table, reach, window.after));
  });
  const text = `select ${columns(selection)}
      from (${windowOf(selection, `(${found.join(' union all ')})`, window)}) p
      ${withRows(selection)}`;
  return { text, values: selection.values };
}

/** Gives the `total` of a selection alone. */
export function counted({ parts, values }: Selection): Statement {
  const counts = parts.map(({ table, where }) => `(select count(*) from ${table} r where r.directory_id = $1${where})`);
  return { text: `select ${counts.join(' + ')} as total`, values };
}

type Part = Omit<Selection['parts'][number], 'table'>;

function idsOf({ keyType }: Selection, { kind, where, key }: Part, rows: string): string {
  const sortKey = keyType === undefined ? '' : `, ${key} as sort_key`;
  return `select r.id, '${kind}' as kind${sortKey} from ${rows} where r.directory_id = $1${where}`;
}

function windowOf(selection: Selection, found: string, { limit, offset, after }: Window): string {
  const { values } = selection;
  const beyond = after === null ? '' : ` where ${afterPlace(selection, after)}`;
  return `select p.* from ${found} p${beyond} order by ${orderOf(selection)}
    limit $${values.push(limit)} offset $${values.push(offset)}`;
}

const columns = ({ keyType }: Selection) =>
  `p.id, p.kind, ${keyType === undefined ? 'null' : 'p.sort_key::text'} as place, r.*`;

/** Only the rows of the page are read whole. "limit 1" has them looked up one by one, however many PostgreSQL expects. */
function withRows(selection: Selection): string {
  const rows = selection.parts.map(
    ({ kind, table }) =>
      `select r.version, r.created_at, r.last_modified, r.attributes from ${table} r
        where p.kind = '${kind}' and r.directory_id = $1 and r.id = p.id`,
  );
  return `left join lateral (${rows.join(' union all ')} limit 1) r on true order by ${orderOf(selection)}`;
}

function within({ values }: Selection, table: string, reach: number, after: Place | null): string {
  const begin = after === null ? '' : ` and id > $${values.push(after.id)}::uuid`;
  return `(select * from ${table} where directory_id = $1${begin} order by id limit $${values.push(reach)}) r`;
}
