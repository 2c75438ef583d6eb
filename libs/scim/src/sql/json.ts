/** The text at the end of a chain of names inside a jsonb expression; without names, what the expression itself says. */
export function jsonText(json: string, steps: readonly string[]): string {
  if (steps.length === 0) return `(${json} #>> '{}')`;
  const last = steps.length - 1;
  return `(${steps.reduce((sql, step, at) => `${sql}${at === last ? '->>' : '->'}${literal(step)}`, json)})`;
}

/** The rows of a list inside a jsonb expression: what follows `from`, each row with its `e.element`. */
export function jsonElements(json: string, steps: readonly string[]): string {
  const list = steps.reduce((sql, step) => `${sql}->${literal(step)}`, json);
  // PostgreSQL may look at rows of other directories first, whose attribute of that name may be no list.
  const guarded = steps.length === 1 ? list : `case when jsonb_typeof(${list}) = 'array' then ${list} end`;
  return `jsonb_array_elements(${guarded}) as e(element)`;
}

/**
 * A text as a number or an instant, null when it is none: PostgreSQL may look at rows of other directories first, which may
 * hold something else under that name. Instants are compared to the millisecond, as JavaScript does.
 */
export function typedSql(text: string, type: 'numeric' | 'timestamptz'): string {
  const value = type === 'numeric' ? `${text}::numeric` : `date_trunc('milliseconds', ${text}::timestamptz)`;
  return `case when pg_input_is_valid(${text}, '${type}') then ${value} end`;
}

/** Only names of the schema registry come here, never what a caller wrote; the quotes are doubled all the same. */
export function literal(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

/** foldKey in SQL. The collation is part of PostgreSQL from 17 on and does not depend on how a database was made. */
export function foldedSql(sql: string): string {
  return `lower(${sql} collate "pg_c_utf8")`;
}
