import { foldKey } from '../fold.js';
import { isObject } from '../json.js';
import type { Resource } from '../resource/resource.js';
import type { ResourceType } from '../schema/attribute.js';
import { type Alternatives, alternativesOf } from './alternatives.js';
import type { CompareOperator, Filter } from './filter.js';
import { type Operand, readInstant } from './operand.js';
import { type Plan, planFilter, type Source } from './plan.js';

type Test = (whole: unknown) => boolean;

/**
 * Gives the predicate of a filter: it takes a resource, or its canonical attributes with whatever of `id`, `meta`, `groups`
 * and `members` is at hand, and tells whether the filter holds. Throws ScimError 400 invalidFilter when the filter does not
 * fit the resource type.
 */
export function matches(type: ResourceType, filter: Filter): (resource: Resource) => boolean {
  return testOf(planFilter({ type }, filter));
}

/** The same for a plan that is at hand already, over a resource or one element of it. */
export function testOf(plan: Plan): Test {
  switch (plan.kind) {
    case 'and': {
      const tests = plan.terms.map(testOf);
      return (whole) => tests.every((test) => test(whole));
    }
    case 'or': {
      const alternatives = alternativesOf(plan.terms);
      if (alternatives !== undefined) return testOfAlternatives(alternatives);
      const tests = plan.terms.map(testOf);
      return (whole) => tests.some((test) => test(whole));
    }
    case 'not': {
      const test = testOf(plan.term);
      return (whole) => !test(whole);
    }
    case 'always':
      return () => plan.holds;
    case 'present':
      return (whole) => valuesOf(whole, plan.source).length > 0;
    case 'absent':
      return (whole) => valuesOf(whole, plan.source).length === 0;
    case 'some': {
      const test = testOf(plan.where);
      return (whole) => valuesOf(whole, plan.source).some(test);
    }
    case 'compare': {
      const compare = comparer(plan.op, plan.operand);
      return (whole) => {
        const values = valuesOf(whole, plan.source);
        return values.length === 0 ? plan.op === 'ne' : values.some(compare);
      };
    }
  }
}

function testOfAlternatives({ source, isFolded, byText }: Alternatives): Test {
  const tests = new Map([...byText].map(([text, plans]) => [text, plans.map(testOf)]));
  return (whole) => {
    const [value] = valuesOf(whole, source);
    if (typeof value !== 'string') return false;
    return tests.get(isFolded ? foldKey(value) : value)?.some((test) => test(whole)) ?? false;
  };
}

/** The assigned values that a source leads to. */
function valuesOf(whole: unknown, { steps, isList, sub }: Source): unknown[] {
  const end = steps.reduce<unknown>(into, whole);
  const values = isList && Array.isArray(end) ? end : [end];
  const leaves: unknown[] = sub === undefined ? values : values.map((value: unknown) => into(value, sub));
  return leaves.filter((leaf) => leaf !== undefined && leaf !== null);
}

function into(whole: unknown, step: string): unknown {
  return isObject(whole) && Object.hasOwn(whole, step) ? whole[step] : undefined;
}

function comparer(op: CompareOperator, operand: Operand): (value: unknown) => boolean {
  switch (operand.kind) {
    case 'boolean':
      return (value) => (value === operand.value) === (op === 'eq');
    case 'number':
      return (value) => (typeof value === 'number' ? isOrdered(op, value - operand.value) : op === 'ne');
    case 'instant':
      return (value) => {
        const instant = typeof value === 'string' ? readInstant(value) : undefined;
        return instant !== undefined && isOrdered(op, instant - operand.milliseconds);
      };
    case 'text':
      return (value) => {
        if (typeof value !== 'string') return op === 'ne';
        return isTextual(op, operand.isFolded ? foldKey(value) : value, operand.text);
      };
  }
}

function isTextual(op: CompareOperator, value: string, wanted: string): boolean {
  switch (op) {
    case 'co':
      return value.includes(wanted);
    case 'sw':
      return value.startsWith(wanted);
    case 'ew':
      return value.endsWith(wanted);
    case 'eq':
      return value === wanted;
    case 'ne':
      return value !== wanted;
    default:
      return isOrdered(op, compareCodePoints(value, wanted));
  }
}

function isOrdered(op: CompareOperator, difference: number): boolean {
  switch (op) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return false;
  }
}

/** Orders texts as PostgreSQL's collation "C" does: by code point, which JavaScript's `<` is not beyond the first plane. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return codePointAround(a, at) - codePointAround(b, at);
  }
  return a.length - b.length;
}

function codePointAround(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff;
  return text.codePointAt(isLowSurrogate && at > 0 ? at - 1 : at) ?? 0;
}
