import { isDeepStrictEqual } from 'node:util';
import { isScimObject, type ScimObject } from './scim-object.js';

/** What an attribute should hold; `undefined` where the source holds nothing. */
export type Wanted = string | number | boolean | readonly string[] | readonly ScimObject[] | undefined;

/** Path in the target → what it should hold there. */
export type WantedAttributes = ReadonlyMap<string, Wanted>;

/**
 * True when what came back is what was sent, verbatim; a list in any order, and with its elements complete as they
 * were sent, whatever else the target knows of them.
 */
export function isAsWanted(found: unknown, wanted: Wanted): boolean {
  if (!Array.isArray(wanted)) return found === wanted;
  const elements: unknown[] = Array.isArray(found) ? found : [];
  const rest = [...elements];
  return (
    elements.length === wanted.length &&
    wanted.every((element: unknown) => {
      const at = rest.findIndex((candidate) => holds(candidate, element));
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    })
  );
}

function holds(candidate: unknown, wanted: unknown): boolean {
  if (!isScimObject(wanted)) return isDeepStrictEqual(candidate, wanted);
  return isScimObject(candidate) && Object.entries(wanted).every(([key, value]) => candidate[key] === value);
}
