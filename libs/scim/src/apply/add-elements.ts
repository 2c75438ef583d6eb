import { type JsonObject, sameJson } from '../json.js';
import { movePrimary } from './primary.js';

/**
 * Adds elements to a list (RFC 7644 §3.5.2.1). One with a value and type that are there already completes that element
 * instead of standing beside it, so adding twice changes nothing.
 */
export function addElements(elements: readonly JsonObject[], added: readonly JsonObject[]): JsonObject[] {
  const next = [...elements];
  const claiming = new Set<JsonObject>();
  for (const element of added) {
    const at = next.findIndex((each) => isTheSame(each, element));
    const merged = at === -1 ? element : { ...next[at], ...element };
    if (at === -1) next.push(merged);
    else next[at] = merged;
    if (element.primary === true) claiming.add(merged);
  }
  return movePrimary(next, claiming);
}

function isTheSame(present: JsonObject, added: JsonObject): boolean {
  if (added.value === undefined || present.value === undefined) return sameJson(present, added);
  return present.value === added.value && (added.type === undefined || added.type === present.type);
}
