import { isJsonObject } from '../json.js';
import type { ResourceType } from '../schema/attribute.js';
import type { Attributes } from './resource.js';

/**
 * Leaves out the values of attributes that a directory has withdrawn: they may still be stored, since a withdrawal rewrites no
 * resource. Gives the same object when there is nothing to leave out, which is nearly always.
 */
export function withoutWithdrawn(type: ResourceType, attributes: Attributes): Attributes {
  let left = attributes;
  for (const { id, withdrawn } of type.extensions) {
    const values = left[id];
    if (withdrawn === undefined || !isJsonObject(values)) continue;
    const kept = Object.entries(values).filter(([name]) => !Object.hasOwn(withdrawn, name));
    const others = Object.entries(left).filter(([name]) => name !== id);
    left = Object.fromEntries(kept.length === 0 ? others : [...others, [id, Object.fromEntries(kept)]]);
  }
  return left;
}
