import fc from 'fast-check';
import type { Resource } from '../scim.js';
import { ENTERPRISE, OWN } from './filter.js';

// A second, plain reading of RFC 7644 §3.4.2.3 (sorting), §3.4.2.4 (paging) and §3.9 (attributes), for lists of people.

/** What can be sorted by: as it is written, and the value of a person. */
const KEYS: Record<string, (person: Resource) => unknown> = {
  userName: ({ userName }) => userName,
  'name.familyName': ({ name }) => part(name, 'familyName'),
  TITLE: ({ title }) => title,
  active: ({ active }) => active,
  emails: ({ emails = [] }) => {
    const list = emails as { value?: string; primary?: boolean }[];
    return (list.find(({ primary }) => primary) ?? list[0])?.value;
  },
  [`${ENTERPRISE}:department`]: (person) => part(person[ENTERPRISE], 'department'),
  [`${OWN}:shoeSize`]: (person) => part(person[OWN], 'shoeSize'),
  'meta.lastModified': ({ meta }) => meta.lastModified,
  id: ({ id }) => id,
  shoeLaces: () => undefined,
};

/** What can be chosen or left out: as it is written, and the keys that lead to it. */
const NAMES: Record<string, string[]> = {
  userName: ['userName'],
  DISPLAYNAME: ['displayName'],
  title: ['title'],
  'name.familyName': ['name', 'familyName'],
  name: ['name'],
  emails: ['emails'],
  'emails.value': ['emails', 'value'],
  'emails.TYPE': ['emails', 'type'],
  [ENTERPRISE]: [ENTERPRISE],
  [`${ENTERPRISE}:department`]: [ENTERPRISE, 'department'],
  [`${OWN}:skills`]: [OWN, 'skills'],
  meta: ['meta'],
  'meta.version': ['meta', 'version'],
  id: ['id'],
  schemas: ['schemas'],
  shoeLaces: ['shoeLaces'],
};

export interface List {
  sortBy?: string;
  sortOrder?: string;
  startIndex?: number;
  count?: number;
  attributes?: string[];
  excludedAttributes?: string[];
}

const names = fc.uniqueArray(fc.constantFrom(...Object.keys(NAMES)), { minLength: 1, maxLength: 4 });
const shown = fc.oneof(
  fc.constant({}),
  names.map((attributes) => ({ attributes })),
  names.map((excludedAttributes) => ({ excludedAttributes })),
);

export const anyList: fc.Arbitrary<List> = fc
  .tuple(
    fc.record(
      {
        sortBy: fc.constantFrom(...Object.keys(KEYS)),
        sortOrder: fc.constantFrom('ascending', 'descending', 'Descending'),
        startIndex: fc.integer({ min: -2, max: 45 }),
        count: fc.integer({ min: -2, max: 45 }),
      },
      { requiredKeys: [] },
    ),
    shown,
  )
  .map(([list, projection]) => ({ ...list, ...projection }));

/** What a list of these people, in the order of their ids, has to say. */
export function listed(people: readonly Resource[], list: List) {
  const startIndex = Math.max(1, list.startIndex ?? 1);
  const count = Math.max(0, list.count ?? 100);
  const key = list.sortBy === undefined ? () => undefined : KEYS[list.sortBy];
  const sign = list.sortOrder?.toLowerCase() === 'descending' ? -1 : 1;
  const sorted = [...people].sort((a, b) => sign * compared(key?.(a), key?.(b)) || (a.id < b.id ? -1 : 1));
  const page = sorted.slice(startIndex - 1, startIndex - 1 + count);
  return {
    totalResults: people.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map((person) => projected(person, list)),
  };
}

/** Whoever has no value comes last; texts have no case. */
function compared(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a.toLowerCase()), Buffer.from(b.toLowerCase()));
  }
  return Number(a) - Number(b);
}

function projected(person: Resource, { attributes, excludedAttributes }: List): unknown {
  const always = { schemas: person.schemas, id: person.id };
  if (attributes !== undefined) {
    const chosen = attributes.map((name) => NAMES[name] ?? []);
    return { ...(kept(person, (path) => chosen.some((each) => isWithin(path, each))) as object), ...always };
  }
  const excluded = (excludedAttributes ?? []).map((name) => NAMES[name] ?? []);
  return { ...(kept(person, (path) => !excluded.some((each) => isWithin(path, each))) as object), ...always };
}

/** Only the leaves that are wanted, and what leads to them; what is empty then is left out. */
function kept(value: unknown, isWanted: (path: string[]) => boolean, path: string[] = []): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => kept(item, isWanted, path)).filter((item) => item !== undefined);
    return items.length > 0 || (value.length === 0 && isWanted(path)) ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return isWanted(path) ? value : undefined;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, kept(inner, isWanted, [...path, name])] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const isWithin = (path: readonly string[], chosen: readonly string[]) =>
  chosen.length > 0 && chosen.every((name, at) => path[at] === name);

const part = (whole: unknown, name: string) => (whole as Record<string, unknown> | undefined)?.[name];
