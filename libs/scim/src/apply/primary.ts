import type { JsonObject } from '../json.js';

/** When one of the written elements is primary, no other stays primary (RFC 7644 §3.5.2). */
export function movePrimary(elements: JsonObject[], written: ReadonlySet<JsonObject>): JsonObject[] {
  if (![...written].some(({ primary }) => primary === true)) return elements;
  return elements.map((element) => {
    return element.primary === true && !written.has(element) ? { ...element, primary: false } : element;
  });
}
