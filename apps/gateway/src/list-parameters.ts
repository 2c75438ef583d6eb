import { type Filter, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, parseFilter, ScimError } from '#libs/scim';

/** What a SCIM query string may say (RFC 7644 §3.4.2), as the directory is asked. */
export interface ListParameters {
  filter: Filter | null;
  startIndex: number;
  count: number;
  attributes?: string;
  excludedAttributes?: string;
}

/**
 * Reads a query string. Names have any case, unknown ones are ignored (Q54). Throws ScimError 400 for a filter that cannot be
 * read and for numbers that are none.
 */
export function readListParameters(query: unknown): ListParameters {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    const text: unknown = Array.isArray(value) ? (value as unknown[])[0] : value;
    if (typeof text === 'string') given.set(name.toLowerCase(), text);
  }
  const filter = given.get('filter');
  return {
    filter: filter === undefined || filter.trim() === '' ? null : parseFilter(filter),
    startIndex: Math.max(1, whole(given, 'startIndex') ?? 1),
    count: Math.min(PAGE_SIZE_MAX, Math.max(0, whole(given, 'count') ?? PAGE_SIZE_DEFAULT)),
    attributes: given.get('attributes'),
    excludedAttributes: given.get('excludedattributes'),
  };
}

function whole(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = given.get(name.toLowerCase())?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new ScimError(400, 'invalidValue', `${name} must be a whole number.`);
  return Number(text);
}
