import { type Filter, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, parseFilter, type Projection, ScimError } from '#libs/scim';

const INDEX_MAX = 2_147_483_647;

export interface ListQuery {
  filter: Filter | null;
  startIndex: number;
  count: number;
}

/**
 * Reads the parameters of a list (RFC 7644 §3.4.2), names in any case; unknown ones are ignored (Q54). Throws ScimError 400:
 * invalidFilter, or invalidValue for what is no number or given twice, since a guess might answer the unfiltered list.
 */
export function readListQuery(query: unknown): ListQuery {
  const filter = parameter(query, 'filter');
  return {
    filter: filter === undefined ? null : parseFilter(filter),
    startIndex: Math.max(1, integer(query, 'startIndex') ?? 1),
    count: Math.min(PAGE_SIZE_MAX, Math.max(0, integer(query, 'count') ?? PAGE_SIZE_DEFAULT)),
  };
}

/** Reads `attributes` and `excludedAttributes`, names in any case; throws like `readListQuery`. */
export function readProjection(query: unknown): Projection {
  return {
    attributes: parameter(query, 'attributes'),
    excludedAttributes: parameter(query, 'excludedAttributes'),
  };
}

/** Whether a parameter was given, in any case. */
export function hasParameter(query: unknown, name: string): boolean {
  return parameter(query, name) !== undefined;
}

/** `userName eq "x"` is asked by "x": what the provisioning log shows of a look-up. */
export function askedBy(filter: Filter | null): string | undefined {
  return filter?.kind === 'compare' && filter.op === 'eq' ? filter.value.text : undefined;
}

function integer(query: unknown, name: string): number | undefined {
  const text = parameter(query, name)?.trim();
  if (text === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw new ScimError(400, 'invalidValue', `${name} must be a whole number.`);
  return Math.min(INDEX_MAX, Number(text));
}

function parameter(query: unknown, name: string): string | undefined {
  const given = Object.entries(query ?? {})
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]: [string, unknown]) => value);
  if (given.length > 1) throw new ScimError(400, 'invalidValue', `${name} is given more than once.`);
  return given.length === 0 ? undefined : String(given[0]);
}
