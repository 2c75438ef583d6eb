import type { Filter } from '../filter/filter.js';
import type { Json } from '../json.js';
import type { Target } from '../schema/target.js';

/** Where an operation works, in the spelling of the schema: `extension:attribute[filter].sub`. */
export interface PatchPath {
  readonly extension?: string;
  readonly attribute: string;
  readonly filter?: Filter;
  readonly sub?: string;
}

/** One canonical PATCH operation (RFC 7644 §3.5.2), free of dialect. It travels as JSON. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: PatchPath; readonly value: Json }
  | { readonly op: 'remove'; readonly path: PatchPath };

/** What a PATCH does to the members of a group; the order of the operations is kept. */
export type MemberOperation = { do: 'add' | 'remove' | 'replace'; ids: string[] } | { do: 'clear' };

/** Writes a resolved name, and the filter that selects among its values, as the path of an operation. */
export function patchPath({ extension, name, sub }: Target, filter?: Filter): PatchPath {
  return {
    ...(extension !== undefined && { extension }),
    attribute: name,
    ...(filter !== undefined && { filter }),
    ...(sub !== undefined && { sub: sub.name }),
  };
}
