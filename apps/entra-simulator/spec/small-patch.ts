import { placeOf, small, type Place } from './small-path.js';

export type Json = Record<string, unknown>;

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Applies a PATCH as Entra writes it, in every dialect, to a copy. */
export function patched(resource: Json, body: Json): Json {
  const copy = structuredClone(resource);
  for (const { op, path, value } of objects(body.Operations)) {
    apply(copy, String(op).toLowerCase(), typeof path === 'string' ? path : undefined, value);
  }
  return copy;
}

/** A body as it is kept: booleans that came as text are booleans, nulls are absent, names have one case. */
export function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, held]) => held !== null);
  return Object.fromEntries(
    entries.map(([key, held]) => {
      const name = key.startsWith('urn:') ? key : small(key);
      if (name === 'manager' && typeof held === 'string') return [name, { value: held }];
      return [name, typed(name, tidied(held))];
    }),
  );
}

function apply(resource: Json, op: string, path: string | undefined, value: unknown): void {
  if (path === undefined) {
    for (const [key, held] of Object.entries(isObject(value) ? value : {})) {
      if (!key.startsWith('urn:') || !isObject(held)) apply(resource, op, key, held);
      else for (const [name, each] of Object.entries(held)) apply(resource, op, `${key}:${name}`, each);
    }
    return;
  }
  const place = placeOf(path);
  const holder = place.extension === undefined ? resource : extensionOf(resource, place.extension);
  if (place.name === 'members') holder.members = membersAfter(holder.members, op, place, value);
  else if (place.name === 'manager') put(holder, 'manager', op === 'remove' ? '' : managerId(value));
  else if (place.where) holder[place.name] = selectedAfter(holder[place.name], op, place, value);
  else if (Array.isArray(value) || (op === 'remove' && Array.isArray(holder[place.name]))) {
    holder[place.name] = listAfter(holder[place.name], op, value);
  } else if (place.sub !== undefined) {
    const parent = isObject(holder[place.name]) ? (holder[place.name] as Json) : {};
    holder[place.name] = put(parent, place.sub, op === 'remove' ? '' : value);
  } else put(holder, place.name, op === 'remove' ? '' : value);
}

/** Sets a value; an empty one clears. */
function put(holder: Json, name: string, value: unknown): Json {
  if (value === '' || value === null || value === undefined) Reflect.deleteProperty(holder, name);
  else holder[name] = name === 'manager' ? { value } : typed(name, value);
  return holder;
}

function membersAfter(present: unknown, op: string, { where }: Place, value: unknown): Json[] {
  const before = objects(present);
  const listed = where ? [where.is] : idsIn(value);
  if (op === 'remove' && !where && value === undefined) return [];
  const known = listed.filter((id) => !id.startsWith('string id') && !/^[0-9a-f]{8}-/.test(id));
  const others = before.filter((member) => !listed.includes(String(member.value)));
  if (op === 'remove') return others;
  return [...(op === 'replace' ? [] : others), ...known.map((id) => ({ value: id }))];
}

const idsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(idsIn);
  return isObject(value) ? [String(value.value)] : [];
};

function selectedAfter(present: unknown, op: string, { where, sub }: Place, value: unknown): Json[] {
  const { by = '', is = '' } = where ?? {};
  const isChosen = (element: Json) => String(element[by]).toLowerCase() === is.toLowerCase();
  const before = objects(present);
  const elements = before.some(isChosen) || op === 'remove' ? before : [...before, { [by]: typed(by, is) }];
  const after = elements.map((element) =>
    isChosen(element) && sub !== undefined ? put({ ...element }, sub, op === 'remove' ? '' : value) : element,
  );
  return after.filter((element) => Object.keys(element).some((key) => key !== 'type' && key !== 'primary'));
}

function listAfter(present: unknown, op: string, value: unknown): unknown[] {
  const before: unknown[] = Array.isArray(present) ? present : [];
  const listed: unknown[] = Array.isArray(value) ? value : [];
  const valueOf = (element: unknown) => (isObject(element) ? element.value : element);
  const others = before.filter((element) => !listed.some((each) => valueOf(each) === valueOf(element)));
  if (op === 'remove') return value === undefined ? [] : others;
  return op === 'add' ? [...others, ...listed] : listed;
}

function managerId(value: unknown): unknown {
  if (Array.isArray(value)) return managerId(value[0]);
  if (!isObject(value)) return value;
  return value.value ?? value.Value;
}

function extensionOf(resource: Json, urn: string): Json {
  const present = resource[urn];
  if (isObject(present)) return present;
  const made: Json = {};
  resource[urn] = made;
  return made;
}

/** Booleans that come as text. A number that does is told by the schema: here, by a name that says so. */
function typed(name: string, value: unknown): unknown {
  const isBoolean = ['active', 'primary', 'remote'].includes(name);
  if (isBoolean && typeof value === 'string') return value.toLowerCase() === 'true';
  return name === 'floor' && typeof value === 'string' ? Number(value) : value;
}

export const enterpriseOf = (resource: Json): Json => {
  const extension = resource[ENTERPRISE];
  return isObject(extension) ? extension : {};
};
