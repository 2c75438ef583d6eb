/** The text at the end of a chain of names inside a jsonb expression. */
export function jsonText(json: string, steps: readonly string[]): string {
  const last = steps.length - 1;
  return `(${steps.reduce((sql, step, at) => `${sql}${at === last ? '->>' : '->'}${literal(step)}`, json)})`;
}

/** The rows of a list inside a jsonb expression: what follows `from`, each row with its `e.element`. */
export function jsonElements(json: string, steps: readonly string[]): string {
  return `jsonb_array_elements(${steps.reduce((sql, step) => `${sql}->${literal(step)}`, json)}) as e(element)`;
}

/** Only names of the schema registry come here, never what a caller wrote; the quotes are doubled all the same. */
function literal(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
