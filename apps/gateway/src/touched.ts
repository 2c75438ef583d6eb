const NAMES_MAX = 40;
const NAME_LENGTH_MAX = 200;

/** The attributes that a PATCH is about, as its paths name them, and as the keys of values without a path do. */
export function touchedBy(body: unknown): string[] {
  const operations = valueOf(body, 'operations');
  if (!Array.isArray(operations)) return [];
  const names = new Set<string>();
  for (const operation of operations) {
    const path = valueOf(operation, 'path');
    const value = valueOf(operation, 'value');
    if (typeof path === 'string' && path !== '') names.add(path.slice(0, NAME_LENGTH_MAX));
    else if (isObject(value)) for (const key of Object.keys(value)) names.add(key.slice(0, NAME_LENGTH_MAX));
    if (names.size >= NAMES_MAX) break;
  }
  return [...names].slice(0, NAMES_MAX);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf(object: unknown, name: string): unknown {
  if (!isObject(object)) return undefined;
  if (name in object) return object[name];
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}
