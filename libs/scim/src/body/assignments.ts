import { ScimError } from '../error.js';
import { isObject } from '../json.js';
import type { ResourceType } from '../schema/attribute.js';
import { resolve, splitUrn, type Target } from '../schema/target.js';

/** One attribute of a body, still with the value as it came. */
export interface Assignment {
  readonly target: Target;
  readonly raw: unknown;
}

/**
 * Takes the object of a POST, of a PUT or of a PATCH operation without path and gives the attributes that it assigns. Names
 * count in any case (Q37); dotted names, names with a URN and objects under a URN are all understood (Q8). What is unknown
 * (Q34), readOnly or never kept is left out, `__proto__` and its like among it.
 */
export function readAssignments(type: ResourceType, body: Record<string, unknown>): Assignment[] {
  return Object.entries(body).flatMap(([key, raw]) => {
    const split = splitUrn(type, key);
    if (split?.rest === '') return readExtension(type, split.schema.id, raw);
    return assign(type, key, raw);
  });
}

function readExtension(type: ResourceType, urn: string, raw: unknown): Assignment[] {
  if (raw === null || raw === undefined || raw === '') return clearing(type, urn);
  if (!isObject(raw)) throw new ScimError(400, 'invalidValue', `${urn} must be an object.`);
  return Object.entries(raw).flatMap(([key, value]) => assign(type, `${urn}:${key}`, value));
}

/** An extension that is null has no attribute left. */
export function clearing(type: ResourceType, urn: string): Assignment[] {
  const extension = type.extensions.find(({ id }) => id === urn);
  return Object.entries(extension?.attributes ?? {}).map(([name, attribute]) => ({
    target: { extension: urn, name, attribute },
    raw: null,
  }));
}

function assign(type: ResourceType, name: string, raw: unknown): Assignment[] {
  const target = resolve(type, name);
  return target !== undefined && isKept(target) ? [{ target, raw }] : [];
}

/** True for what a client may write and this directory keeps: no readOnly attribute, and no password. */
export function isKept({ attribute, sub }: Target): boolean {
  return [attribute, sub?.attribute].every((each) => {
    return each?.mutability !== 'readOnly' && each?.mutability !== 'writeOnly';
  });
}
