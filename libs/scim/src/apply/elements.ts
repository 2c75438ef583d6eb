import { ScimError } from '../error.js';
import { testOf } from '../filter/predicate.js';
import { planFilter } from '../filter/plan.js';
import { copyJson, isJsonObject, type Json, type JsonObject } from '../json.js';
import { ELEMENTS_MAX } from '../limits.js';
import type { Attribute } from '../schema/attribute.js';
import { addElements } from './add-elements.js';
import type { PatchOperation } from '../patch/operation.js';
import { pinnedBy } from './pinned.js';
import { movePrimary } from './primary.js';
import { comparisonsOf, type Work } from './work.js';

/**
 * Gives the elements of a complex attribute after an operation; a single-valued one has one element at most. Throws ScimError
 * 400 noTarget, tooMany or invalidValue, as applyPatch tells.
 */
export function changeElements(
  attribute: Attribute,
  elements: JsonObject[],
  operation: PatchOperation,
  work: Work,
): JsonObject[] {
  const { filter, sub, attribute: name } = operation.path;
  const plan = filter && planFilter({ element: attribute }, filter);
  if (plan !== undefined) work.spend(elements.length * comparisonsOf(plan));
  const isChosen = plan === undefined ? () => true : testOf(plan);
  if (operation.op === 'remove') {
    return elements.flatMap((element) => (isChosen(element) ? removeFrom(element, sub) : [element]));
  }
  const value = copyJson(operation.value);
  if (filter === undefined && sub === undefined && attribute.multiValued) {
    const written = (Array.isArray(value) ? value : [value]).filter(isJsonObject);
    // To find the same element costs a twentieth of what a filter does.
    if (operation.op === 'add') work.spend(((elements.length + written.length) * written.length) / 20);
    const next = operation.op === 'replace' ? written : addElements(elements, written);
    return checkLength(name, next);
  }
  const addition = sub === undefined ? value : { [sub]: value };
  if (!isJsonObject(addition)) return elements;
  const pinned = filter === undefined ? {} : pinnedBy(attribute, filter);
  const chosen = new Set(elements.filter(isChosen));
  if (chosen.size === 0) {
    if (pinned === undefined || (!attribute.multiValued && elements.length > 0)) {
      throw new ScimError(400, 'noTarget', `The path selects no value of ${name}, and does not say how to make one.`);
    }
    const created = { ...pinned, ...addition };
    return checkLength(name, movePrimary([...elements, created], new Set(created.primary === true ? [created] : [])));
  }
  const isWholeReplaced = operation.op === 'replace' && sub === undefined && filter !== undefined;
  const claiming = new Set<JsonObject>();
  const next = elements.map((element) => {
    if (!chosen.has(element)) return element;
    const change = isWholeReplaced ? { ...pinned, ...addition } : addition;
    const after = isWholeReplaced ? change : { ...element, ...change };
    if (change.primary === true) claiming.add(after);
    return after;
  });
  return movePrimary(next, claiming);
}

/** What is left of an element. One that only says its type, and whether it is primary, says nothing any more. */
function removeFrom(element: JsonObject, sub: string | undefined): JsonObject[] {
  if (sub === undefined) return [];
  if (element[sub] === undefined) return [element];
  const rest: [string, Json][] = Object.entries(element).filter(([name]) => name !== sub);
  return rest.every(([name]) => name === 'type' || name === 'primary') ? [] : [Object.fromEntries(rest)];
}

function checkLength(name: string, elements: JsonObject[]): JsonObject[] {
  if (elements.length <= ELEMENTS_MAX) return elements;
  throw new ScimError(400, 'invalidValue', `${name} has more than ${ELEMENTS_MAX} values.`);
}
