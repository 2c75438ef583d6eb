import type { JsonObject } from '../json.js';

/** When an operation says of an element that it is primary, no other stays primary (RFC 7644 §3.5.2). */
export function movePrimary(elements: JsonObject[], claiming: ReadonlySet<JsonObject>): JsonObject[] {
  if (claiming.size === 0) return elements;
  return elements.map((element) => {
    return element.primary === true && !claiming.has(element) ? { ...element, primary: false } : element;
  });
}
