import type { CompareOperator } from '../filter/filter.js';
import type { Operand } from '../filter/operand.js';
import { foldedSql, typedSql } from './json.js';
import { prefixEnd } from './prefix.js';
import { PREFIX_LENGTH, type SqlColumn } from './table.js';

/** Collects the values of a statement and gives each its `$n`. */
export class ParameterList {
  readonly values: unknown[] = [];

  constructor(private readonly first: number) {}

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.first + this.values.length - 1}`;
  }
}

const SIGNS = { eq: '=', ne: 'is distinct from', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;
const signOf = (op: CompareOperator) => (op === 'co' || op === 'sw' || op === 'ew' ? SIGNS.eq : SIGNS[op]);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Writes one comparison. It may be null where the value is absent, which counts as false; only `ne` holds for an absent value.
 */
export function compareSql(
  column: SqlColumn,
  op: CompareOperator,
  operand: Operand,
  parameters: ParameterList,
): string {
  switch (operand.kind) {
    case 'boolean': {
      const value = column.holds === 'boolean' ? operand.value : String(operand.value);
      return `${column.sql} ${op === 'eq' ? SIGNS.eq : SIGNS.ne} ${parameters.add(value)}`;
    }
    case 'number':
      return `(${typedSql(column.sql, 'numeric')}) ${signOf(op)} ${parameters.add(String(operand.value))}::numeric`;
    case 'instant': {
      const sql = column.holds === 'instant' ? column.sql : `(${typedSql(column.sql, 'timestamptz')})`;
      const compared = `${sql} ${signOf(op)} ${parameters.add(new Date(operand.milliseconds).toISOString())}::timestamptz`;
      return column.isOrdered ? betweenEnds(sql, op, compared) : compared;
    }
    case 'text':
      if (column.holds === 'uuid' && (op === 'eq' || op === 'ne')) {
        // What is no UUID equals no id: null says so without an error and without another statement text.
        return `${column.sql} ${SIGNS[op]} ${parameters.add(UUID.test(operand.text) ? operand.text : null)}::uuid`;
      }
      if (op === 'sw' && column.isOrdered) return beginsWith(column.sql, operand.text, parameters);
      if (op === 'eq' && column.prefix !== undefined && operand.isFolded) {
        const beginning = parameters.add(Array.from(operand.text).slice(0, PREFIX_LENGTH).join(''));
        return `(${column.prefix} = ${beginning} and ${compareText(foldedSql(column.sql), op, operand.text, parameters)})`;
      }
      return compareText(textOf(column, operand.isFolded), op, operand.text, parameters);
  }
}

/** One end alone seems to PostgreSQL to leave a third of all rows, too many for the index; between two ends it expects few. */
function betweenEnds(sql: string, op: CompareOperator, compared: string): string {
  if (op === 'gt' || op === 'ge') return `(${compared} and ${sql} < 'infinity')`;
  if (op === 'lt' || op === 'le') return `(${compared} and ${sql} > '-infinity')`;
  return compared;
}

/** A range, because a plan that does not know the prefix cannot use an index for `starts_with`. */
function beginsWith(sql: string, prefix: string, parameters: ParameterList): string {
  return `(${sql} >= ${parameters.add(prefix)} and ${sql} < ${parameters.add(prefixEnd(prefix))})`;
}

/** The text of a column, folded as foldKey folds when it has to be and is not yet. */
function textOf({ sql, holds }: SqlColumn, isFolded: boolean): string {
  if (holds === 'uuid') return `${sql}::text`;
  return isFolded && holds === 'text' ? foldedSql(sql) : sql;
}

function compareText(sql: string, op: CompareOperator, text: string, parameters: ParameterList): string {
  const parameter = parameters.add(text);
  switch (op) {
    case 'co':
      return `strpos(${sql}, ${parameter}) > 0`;
    case 'sw':
      return `starts_with(${sql}, ${parameter})`;
    case 'ew':
      return `right(${sql}, char_length(${parameter})) = ${parameter}`;
    case 'eq':
    case 'ne':
      return `${sql} ${SIGNS[op]} ${parameter}`;
    default:
      return `${sql} collate "C" ${SIGNS[op]} ${parameter}`;
  }
}
