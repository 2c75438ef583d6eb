import type { ResourceType } from '../schema/attribute.js';
import { lookUp, pathOf, resolve } from '../schema/target.js';
import { foldedSql } from './compare.js';
import { jsonElements, jsonText } from './json.js';
import type { SqlTable } from './table.js';

/**
 * Writes `sortBy` and `sortOrder` (RFC 7644 §3.4.2.3) as an SQL `order by` term: a complex attribute sorts by its value, a
 * multi-valued one by its primary or else first value, without case unless caseExact; whoever has no value comes last when
 * ascending. Gives undefined for a name that cannot be sorted by, which is then to be ignored. Never throws.
 */
export function orderToSql(
  type: ResourceType,
  sortBy: string,
  sortOrder: 'ascending' | 'descending',
  table: SqlTable,
): string | undefined {
  const target = resolve(type, sortBy);
  if (target === undefined || table.relations[target.name] !== undefined) return undefined;
  const { extension, name, attribute } = target;
  const sub = target.sub ?? (attribute.of && lookUp(attribute.of, 'value'));
  const leaf = sub?.attribute ?? attribute;
  if (attribute.unfilterable || leaf.unfilterable || leaf.of) return undefined;
  const steps = extension === undefined ? [name] : [extension, name];
  const names = sub === undefined ? steps : [...steps, sub.name];
  const isFolded = leaf.type !== 'boolean' && leaf.caseExact !== true;
  const inJson = attribute.multiValued
    ? firstValue(table.json, steps, sub?.name ?? 'value')
    : jsonText(table.json, names);
  const key = table.columns[pathOf({ ...target, sub })]?.sql ?? (isFolded ? foldedSql(inJson) : inJson);
  return sortOrder === 'descending' ? `${key} desc nulls first` : `${key} asc nulls last`;
}

function firstValue(json: string, steps: readonly string[], sub: string): string {
  const value = jsonText('e.element', [sub]);
  const primaryFirst = `coalesce(e.element->>'primary' = 'true', false) desc`;
  return `(select ${value} from ${jsonElements(json, steps)} order by ${primaryFirst} limit 1)`;
}
