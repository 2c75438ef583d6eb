import { readElement } from '../body/value.js';
import type { Filter } from '../filter/filter.js';
import type { JsonObject } from '../json.js';
import type { Attribute } from '../schema/attribute.js';
import { lookUp } from '../schema/target.js';

/**
 * Gives the element that a filter of `eq` and `and` describes: `type eq "work"` gives `{type: "work"}`, so that Entra's value
 * paths can create what they name (Q6). Any other filter describes no single element and gives undefined.
 */
export function pinnedBy(attribute: Attribute, filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and') {
    const parts = filter.terms.map((term) => pinnedBy(attribute, term));
    return parts.reduce((whole, part) => (whole && part && agrees(whole, part) ? { ...whole, ...part } : undefined));
  }
  if (filter.kind !== 'compare' || filter.op !== 'eq' || (filter.value.bare && /^null$/i.test(filter.value.text))) {
    return undefined;
  }
  const sub = attribute.of && lookUp(attribute.of, filter.path);
  const value = sub && readElement(sub.attribute, filter.path, filter.value.text);
  return sub === undefined || value === undefined ? undefined : { [sub.name]: value };
}

function agrees(whole: JsonObject, part: JsonObject): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === undefined || whole[name] === value);
}
