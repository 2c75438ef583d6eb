import { type Filter, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, parseFilter, ScimError } from '#libs/scim';

/** What a query may say (RFC 7644 §3.4.2, RFC 9865 §2), as the directory is asked. */
export interface ListParameters {
  filter: Filter | null;
  startIndex: number;
  count: number;
  sort?: { by: string; isDescending: boolean };
  /** There when paging by cursor; '' asks for the first page. */
  cursor?: string;
  attributes?: string;
  excludedAttributes?: string;
}

/**
 * Reads a query string. Names have any case, unknown ones are ignored (Q54). Throws ScimError 400 for a filter that cannot be
 * read, for numbers that are none and for an order that is none.
 */
export function readListParameters(query: unknown): ListParameters {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    const text: unknown = Array.isArray(value) ? (value as unknown[])[0] : value;
    if (typeof text === 'string') given.set(name.toLowerCase(), text);
  }
  return parametersIn(given);
}

/** Only what shapes the answer; a filter means nothing to a single resource and is not even read. */
export function readProjection(query: unknown): Pick<ListParameters, 'attributes' | 'excludedAttributes'> {
  const relevant = Object.entries(query ?? {}).filter(([name]) => /^(excluded)?attributes$/i.test(name));
  const { attributes, excludedAttributes } = readListParameters(Object.fromEntries(relevant));
  return { attributes, excludedAttributes };
}

/**
 * Reads the body of a `.search` (RFC 7644 §3.4.3), which says in JSON what a query string says. Throws ScimError 400:
 * invalidSyntax when it is no object, invalidValue when a value has the wrong type, and as readListParameters does.
 */
export function readSearchRequest(body: unknown): ListParameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ScimError(400, 'invalidSyntax', 'The body of a search must be a JSON object.');
  }
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(body)) {
    const name = key.toLowerCase();
    if (value === null || value === undefined || !NAMES.has(name)) continue;
    given.set(name, textOf(key, value));
  }
  return parametersIn(given);
}

const LISTS = new Set(['attributes', 'excludedattributes']);
const NUMBERS = new Set(['startindex', 'count']);
const NAMES = new Set([...LISTS, ...NUMBERS, 'filter', 'sortby', 'sortorder', 'cursor']);

function textOf(key: string, value: unknown): string {
  const name = key.toLowerCase();
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && NUMBERS.has(name)) return String(value);
  if (Array.isArray(value) && LISTS.has(name) && value.every((item) => typeof item === 'string'))
    return value.join(',');
  const wanted = LISTS.has(name) ? 'a list of names' : NUMBERS.has(name) ? 'a whole number' : 'a text';
  throw new ScimError(400, 'invalidValue', `${key} must be ${wanted}.`);
}

function parametersIn(given: ReadonlyMap<string, string>): ListParameters {
  const filter = given.get('filter');
  const by = given.get('sortby')?.trim() ?? '';
  const cursor = given.get('cursor');
  return {
    filter: filter === undefined || filter.trim() === '' ? null : parseFilter(filter),
    startIndex: Math.max(1, whole(given, 'startIndex', 'invalidValue') ?? 1),
    count: Math.min(PAGE_SIZE_MAX, cursor === undefined ? countByIndex(given) : countByCursor(given)),
    ...(by !== '' && { sort: { by, isDescending: isDescending(given.get('sortorder')) } }),
    ...(cursor !== undefined && { cursor }),
    attributes: given.get('attributes'),
    excludedAttributes: given.get('excludedattributes'),
  };
}

const countByIndex = (given: ReadonlyMap<string, string>): number =>
  Math.max(0, whole(given, 'count', 'invalidValue') ?? PAGE_SIZE_DEFAULT);

/** RFC 9865 §2: above 0. A page of nothing has no next one, which would say that all pages have been read. */
function countByCursor(given: ReadonlyMap<string, string>): number {
  const count = whole(given, 'count', 'invalidCount') ?? PAGE_SIZE_DEFAULT;
  if (count < 1) throw new ScimError(400, 'invalidCount', `With a cursor, count is from 1 to ${PAGE_SIZE_MAX}.`);
  return count;
}

function isDescending(sortOrder: string | undefined): boolean {
  const order = sortOrder?.trim().toLowerCase() ?? '';
  if (order === 'descending') return true;
  if (order === '' || order === 'ascending') return false;
  throw new ScimError(400, 'invalidValue', 'sortOrder must be "ascending" or "descending".');
}

function whole(
  given: ReadonlyMap<string, string>,
  name: string,
  scimType: 'invalidValue' | 'invalidCount',
): number | undefined {
  const text = given.get(name.toLowerCase())?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new ScimError(400, scimType, `${name} must be a whole number.`);
  return Number(text);
}
