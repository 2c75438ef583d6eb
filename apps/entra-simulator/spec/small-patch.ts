import { writeAt } from '../src/mapping/attribute-path.js';
import {
  ENTERPRISE_SCHEMA,
  MANAGER_PATH,
  isScimObject,
  objectsIn,
  type ScimObject,
} from '../src/mapping/scim-object.js';

/** Applies a PATCH as Entra writes it, in both dialects, to a copy. */
export function patched(resource: ScimObject, body: ScimObject): ScimObject {
  const copy = structuredClone(resource);
  for (const operation of objectsIn(body.Operations)) apply(copy, operation);
  return copy;
}

/** A body as it is kept: booleans that came as text are booleans, nulls are absent, and keys have one case. */
export function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (!isScimObject(value)) return value;
  const entries = Object.entries(value).filter(([, held]) => held !== null);
  return Object.fromEntries(entries.map(([key, held]) => [ownCase(key), ownValue(key, tidied(held))]));
}

function apply(resource: ScimObject, { op, path, value }: ScimObject): void {
  const isRemoval = String(op).toLowerCase() === 'remove';
  if (typeof path !== 'string') {
    for (const [key, held] of Object.entries(isScimObject(value) ? value : {})) writeAt(resource, key, held);
  } else if (path.startsWith('members')) {
    applyMembers(resource, isRemoval, path, value);
  } else if (/(^|:|\.)manager($|\[)/.test(path)) {
    const id = isRemoval ? '' : managerId(value);
    writeAt(resource, MANAGER_PATH, id === '' ? undefined : { value: id });
  } else {
    writeAt(resource, path, isRemoval ? undefined : ownValue(path, value));
  }
}

function applyMembers(resource: ScimObject, isRemoval: boolean, path: string, value: unknown): void {
  const named = /\[value eq "(.*)"\]$/.exec(path)?.[1];
  const ids = named === undefined ? objectsIn(value).map((member) => member.value) : [named];
  const others = objectsIn(resource.members).filter((member) => !ids.includes(member.value));
  resource.members = isRemoval ? others : [...others, ...ids.map((id) => ({ value: id }))];
}

function managerId(value: unknown): string {
  if (Array.isArray(value)) return managerId(value[0]);
  if (isScimObject(value)) return managerId(value.value);
  return typeof value === 'string' ? value : '';
}

function ownValue(name: string, value: unknown): unknown {
  const isBoolean = name === 'active' || name.toLowerCase() === 'primary';
  return isBoolean && typeof value === 'string' ? value.toLowerCase() === 'true' : value;
}

const ownCase = (key: string) => (key === ENTERPRISE_SCHEMA ? key : key.charAt(0).toLowerCase() + key.slice(1));
