import type { Attribute, ResourceType } from '../schema/attribute.js';
import { commonAttributes } from '../schema/common.js';
import { lookUp, pathOf, resolve } from '../schema/target.js';
import { foldedSql, jsonElements, jsonText, typedSql } from './json.js';
import type { SqlColumn, SqlTable } from './table.js';

/** What rows are sorted by: an SQL expression and the PostgreSQL type of its values. */
export interface SortKey {
  readonly sql: string;
  readonly type: 'text' | 'boolean' | 'uuid' | 'timestamptz' | 'numeric';
}

const TYPES = { text: 'text', folded: 'text', boolean: 'boolean', uuid: 'uuid', instant: 'timestamptz' } as const;

const TYPED: Readonly<Partial<Record<Attribute['type'], 'numeric' | 'timestamptz'>>> = {
  integer: 'numeric',
  decimal: 'numeric',
  dateTime: 'timestamptz',
};

/**
 * Gives the SQL for `sortBy` (RFC 7644 §3.4.2.3): a complex attribute sorts by its value, a multi-valued one by its primary or
 * else first value, without case unless caseExact. Gives undefined for a name that cannot be sorted by, which is then to be
 * ignored. Never throws.
 */
export function sortKey(type: ResourceType, sortBy: string, table: SqlTable): SortKey | undefined {
  const target = resolve(type, sortBy);
  if (target === undefined) return undefined;
  const { extension, name, attribute } = target;
  if (extension === undefined && table.relations[name] !== undefined) return undefined;
  const sub = target.sub ?? (attribute.of && lookUp(attribute.of, 'value'));
  const leaf = sub?.attribute ?? attribute;
  if (attribute.unfilterable || leaf.unfilterable || leaf.of || attribute === commonAttributes.schemas)
    return undefined;
  const column: SqlColumn | undefined = table.columns[pathOf({ ...target, sub })];
  if (column !== undefined) return { sql: column.sql, type: TYPES[column.holds] };
  const steps = extension === undefined ? [name] : [extension, name];
  const inJson = attribute.multiValued
    ? firstValue(table.json, steps, sub === undefined ? [] : [sub.name])
    : jsonText(table.json, sub === undefined ? steps : [...steps, sub.name]);
  const typed = TYPED[leaf.type];
  if (typed !== undefined) return { sql: typedSql(inJson, typed), type: typed };
  const isFolded = leaf.type !== 'boolean' && leaf.caseExact !== true;
  return { sql: isFolded ? foldedSql(inJson) : inJson, type: 'text' };
}

/** Writes `order by` terms: whoever has no value comes last when ascending, first when descending (RFC 7644 §3.4.2.3). */
export function orderSql(key: string, isDescending: boolean): string {
  return isDescending ? `${key} desc nulls first` : `${key} asc nulls last`;
}

function firstValue(json: string, steps: readonly string[], sub: readonly string[]): string {
  const value = jsonText('e.element', sub);
  const primaryFirst = `coalesce(e.element->>'primary' = 'true', false) desc`;
  return `(select ${value} from ${jsonElements(json, steps)} order by ${primaryFirst} limit 1)`;
}
