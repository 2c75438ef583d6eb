import { isObject } from '../json.js';

const WHOLE = /^bulkId:(.+)$/is;
const IN_PATH = /"bulkId:([^"]+)"/gi;

/** The bulkIds that an operation refers to, in its data or in its path (RFC 7644 §3.7.2). */
export function referencesIn(operation: { readonly id?: string; readonly data: unknown }): Set<string> {
  const found = new Set<string>();
  withReferences([operation.id, operation.data], (bulkId) => {
    found.add(bulkId);
    return undefined;
  });
  return found;
}

/**
 * Gives a copy in which every text `bulkId:…` is the id that `idOf` knows for it; what it does not know stays. In the path of a
 * PATCH operation, references stand in quotes. The depth of what is handed in must have been checked.
 */
export function withReferences<Value>(value: Value, idOf: (bulkId: string) => string | undefined): Value;
export function withReferences(value: unknown, idOf: (bulkId: string) => string | undefined): unknown {
  if (typeof value === 'string') {
    const bulkId = WHOLE.exec(value)?.[1];
    if (bulkId !== undefined) return idOf(bulkId) ?? value;
    return value.replace(IN_PATH, (whole, inner: string) => {
      const id = idOf(inner);
      return id === undefined ? whole : `"${id}"`;
    });
  }
  if (Array.isArray(value)) return value.map((item: unknown) => withReferences(item, idOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withReferences(item, idOf)]));
}
