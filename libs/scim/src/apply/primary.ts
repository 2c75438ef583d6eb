import type { JsonObject } from '../json.js';

/**
 * When an operation says of an element that it is primary, no other stays primary (RFC 7644 §3.5.2). Of several that it says so
 * of, the first is.
 */
export function movePrimary(elements: JsonObject[], claiming: ReadonlySet<JsonObject>): JsonObject[] {
  const primary = elements.find((element) => claiming.has(element));
  if (primary === undefined) return elements;
  return elements.map((element) => {
    return element.primary === true && element !== primary ? { ...element, primary: false } : element;
  });
}

/** At most one value of a list is primary (RFC 7643 §2.4): of several that a client sends as such, the first. */
export function withOnePrimary(elements: JsonObject[]): JsonObject[] {
  return movePrimary(elements, new Set(elements.filter(({ primary }) => primary === true)));
}
