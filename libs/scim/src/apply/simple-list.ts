import { planFilter } from '../filter/plan.js';
import { testOf } from '../filter/predicate.js';
import { ScimError } from '../error.js';
import type { Json } from '../json.js';
import { ELEMENTS_MAX } from '../limits.js';
import type { PatchOperation } from '../patch/operation.js';
import type { Attribute } from '../schema/attribute.js';
import { comparisonsOf, type Work } from './work.js';

/**
 * Gives the values of a list of texts, numbers or the like after an operation. It is a set: what is there already is not
 * added again. Throws ScimError 400 tooMany or invalidValue, as applyPatch tells.
 */
export function changeValues(
  attribute: Attribute,
  values: readonly Json[],
  operation: PatchOperation,
  work: Work,
): Json[] {
  const { filter, attribute: name } = operation.path;
  const plan = filter && planFilter({ element: attribute }, filter);
  if (plan !== undefined) work.spend(values.length * comparisonsOf(plan));
  const isChosen = plan === undefined ? () => true : testOf(plan);
  if (operation.op === 'remove') return values.filter((value) => !isChosen(value));
  const written = Array.isArray(operation.value) ? operation.value : [operation.value];
  const isWholeReplaced = operation.op === 'replace' && filter === undefined;
  // A value that is selected gives way to the written one; none selected means that it is yet to come (Q6).
  const staying = isWholeReplaced ? [] : filter === undefined ? values : values.filter((value) => !isChosen(value));
  const next = [...new Set([...staying, ...written])];
  if (next.length <= ELEMENTS_MAX) return next;
  throw new ScimError(400, 'invalidValue', `${name} has more than ${ELEMENTS_MAX} values.`);
}
