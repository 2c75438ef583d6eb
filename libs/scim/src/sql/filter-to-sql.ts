import type { ResourceType } from '../schema/attribute.js';
import type { Filter } from '../filter/filter.js';
import { type Plan, planFilter, type Source } from '../filter/plan.js';
import { compareSql, ParameterList } from './compare.js';
import { jsonElements, jsonText, literal } from './json.js';
import type { SqlColumn, SqlTable } from './table.js';

/**
 * Writes a filter as an SQL condition over `table`, with parameters from `$firstParameter` on. What a caller sent is only ever
 * in `values`, and the text stays the same when only values change, so that plans can be kept. It holds for the rows whose
 * resource `matches` accepts. Throws ScimError 400 invalidFilter when the filter does not fit the resource type.
 */
export function filterToSql(
  type: ResourceType,
  filter: Filter,
  table: SqlTable,
  firstParameter: number,
): { text: string; values: unknown[] } {
  const parameters = new ParameterList(firstParameter);
  const text = conditionOf(planFilter({ type }, filter), rowPlace(type, table), parameters);
  return { text, values: parameters.values };
}

/** Where a condition is written: how a source is read there, and how the elements of a list are gone through. */
interface Place {
  value(source: Source): SqlColumn;
  /** What follows `from`, ending in a condition, and the place of one element. */
  elements(source: Source): { from: string; place: Place; keys?: string };
}

function conditionOf(plan: Plan, place: Place, parameters: ParameterList): string {
  switch (plan.kind) {
    case 'and':
    case 'or':
      return `(${plan.terms.map((term) => conditionOf(term, place, parameters)).join(` ${plan.kind} `)})`;
    case 'not':
      // A comparison with an absent value is null in SQL: under `not` it has to count as false.
      return `not coalesce(${conditionOf(plan.term, place, parameters)}, false)`;
    case 'always':
      return String(plan.holds);
    case 'present':
      return `(${presence(plan.source, place)})`;
    case 'absent':
      return `not (${presence(plan.source, place)})`;
    case 'compare':
      return comparison(plan, place, parameters);
    case 'some': {
      const { from, place: element, keys } = place.elements(plan.source);
      const inner = conditionOf(plan.where, element, parameters);
      const exists = `exists (select 1 from ${from} and ${inner})`;
      const candidates = keys === undefined ? undefined : candidatesFor(plan.where, keys, parameters);
      return candidates === undefined ? exists : `(${candidates} and ${exists})`;
    }
  }
}

function presence(source: Source, place: Place): string {
  if (!source.isList) return `${place.value(source).sql} is not null`;
  const { from, place: element } = place.elements(source);
  if (source.sub === undefined) return `exists (select 1 from ${from})`;
  return `exists (select 1 from ${from} and ${element.value(subSource(source.sub)).sql} is not null)`;
}

function comparison(plan: Plan & { kind: 'compare' }, place: Place, parameters: ParameterList): string {
  const { source, op, operand } = plan;
  if (!source.isList) return compareSql(place.value(source), op, operand, parameters);
  const { from, place: element, keys } = place.elements(source);
  if (op === 'eq' && operand.kind === 'text' && keys !== undefined && source.sub === 'value') {
    return `${keys} @> array[${parameters.add(operand.text)}::text]`;
  }
  const column = element.value(source.sub === undefined ? ITSELF : subSource(source.sub));
  const exists = `exists (select 1 from ${from} and ${column.sql} is not null and ${compareSql(column, op, operand, parameters)})`;
  return op === 'ne' ? `(not (${presence(source, place)}) or ${exists})` : exists;
}

/** The value that a list's element must have in any case lets an index find the few rows worth a closer look (Q18). */
function candidatesFor(where: Plan, keys: string, parameters: ParameterList): string | undefined {
  const conditions = where.kind === 'and' ? where.terms : [where];
  for (const condition of conditions) {
    if (condition.kind === 'and') {
      const inner = candidatesFor(condition, keys, parameters);
      if (inner !== undefined) return inner;
    }
    if (condition.kind !== 'compare' || condition.op !== 'eq' || condition.operand.kind !== 'text') continue;
    if (condition.source.path === 'value') return `${keys} @> array[${parameters.add(condition.operand.text)}::text]`;
  }
  return undefined;
}

const ITSELF: Source = { path: 'value', steps: [], isList: false };

function subSource(sub: string): Source {
  return { path: sub, steps: [sub], isList: false };
}

function rowPlace(type: ResourceType, table: SqlTable): Place {
  return {
    value({ path, steps }) {
      return table.columns[path] ?? { sql: jsonText(table.json, steps), holds: 'text', prefix: table.prefixes[path] };
    },
    elements({ steps }) {
      const [name = ''] = steps;
      if (name === 'schemas') return { from: schemasOf(type, table), place: schemaPlace };
      const relation = table.relations[name];
      if (relation !== undefined) return { from: relation.from, place: relationPlace(relation.columns) };
      const from = `${jsonElements(table.json, steps)} where true`;
      return { from, place: elementPlace, keys: table.keys[`${name}.value`] };
    },
  };
}

const noPlace: Pick<Place, 'elements'> = {
  elements() {
    throw new Error('An element has no elements: the parser forbids brackets inside brackets.');
  },
};

function relationPlace(columns: SqlTable['columns']): Place {
  return {
    ...noPlace,
    // What is no column, like the name of a member, is not kept there and has no value.
    value: ({ path }) => columns[path] ?? { sql: 'null::text', holds: 'text' },
  };
}

/** The value of `schemas` (RFC 7643 §3) is kept nowhere: each is a schema of the type, an extension only if it has values. */
const schemaPlace: Place = { ...noPlace, value: () => ({ sql: 'e.urn', holds: 'text' }) };

function schemasOf({ schema, extensions }: ResourceType, { json }: SqlTable): string {
  const urns = extensions.map(({ id, withdrawn = {} }) => whereKept(json, id, Object.keys(withdrawn)));
  return `unnest(array[${[literal(schema.id), ...urns].join(', ')}]) as e(urn) where e.urn is not null`;
}

/** The URN of an extension of which something is kept that has not been withdrawn; else null. */
function whereKept(json: string, urn: string, withdrawn: readonly string[]): string {
  const values = `${json}->${literal(urn)}`;
  const isKept =
    withdrawn.length === 0
      ? `${values} is not null`
      : `(${values}) - array[${withdrawn.map(literal).join(', ')}] <> '{}'::jsonb`;
  return `case when ${isKept} then ${literal(urn)} end`;
}

const elementPlace: Place = {
  ...noPlace,
  value: ({ steps }) => ({ sql: jsonText('e.element', steps), holds: 'text' }),
};
