import type { CompareOperator } from '../filter/filter.js';
import type { Operand } from '../filter/operand.js';
import { typedSql } from './json.js';
import type { SqlColumn } from './table.js';

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
      return `${sql} ${signOf(op)} ${parameters.add(new Date(operand.milliseconds).toISOString())}::timestamptz`;
    }
    case 'text':
      if (column.holds === 'uuid' && (op === 'eq' || op === 'ne')) {
        // What is no UUID equals no id: null says so without an error and without another statement text.
        return `${column.sql} ${SIGNS[op]} ${parameters.add(UUID.test(operand.text) ? operand.text : null)}::uuid`;
      }
      return compareText(textOf(column, operand.isFolded), op, operand.text, parameters);
  }
}

/** The text of a column, folded as foldKey folds when it has to be and is not yet. */
function textOf({ sql, holds }: SqlColumn, isFolded: boolean): string {
  if (holds === 'uuid') return `${sql}::text`;
  return isFolded && holds === 'text' ? foldedSql(sql) : sql;
}

/** foldKey in SQL. The collation is part of PostgreSQL from 17 on and does not depend on how a database was made. */
export function foldedSql(sql: string): string {
  return `lower(${sql} collate "pg_c_utf8")`;
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
