import { ScimError } from '../error.js';
import type { Attribute, ResourceType } from '../schema/attribute.js';
import { isSimpleList, lookUp, pathOf, resolve, splitUrn, type Target } from '../schema/target.js';
import type { CompareOperator, Filter } from './filter.js';
import { type Operand, readOperand } from './operand.js';

/**
 * Where a plan looks: a whole resource, one element of a list, or the sub-attributes of the single-valued complex attribute
 * that `inside` leads to.
 */
export type Scope = { readonly type: ResourceType } | { readonly element: Attribute; readonly inside?: Source };

/** A resolved attribute: the keys that lead to it and, when it is inside a list, the key inside each element. */
export interface Source {
  /** The canonical path, as SqlTable names it: `emails.value`. */
  readonly path: string;
  /** None lead to an element itself, where elements are no objects. */
  readonly steps: readonly string[];
  readonly isList: boolean;
  readonly sub?: string;
}

/**
 * A filter resolved against a schema, with all its errors found. The predicate and the SQL are both written from it, so they
 * cannot understand a filter differently. The values of an attribute are those that are assigned; a comparison holds if it
 * holds for any of them, and an attribute without values has the one value null.
 */
export type Plan =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Plan[] }
  | { readonly kind: 'not'; readonly term: Plan }
  | { readonly kind: 'always'; readonly holds: boolean }
  | { readonly kind: 'present' | 'absent'; readonly source: Source }
  | { readonly kind: 'compare'; readonly source: Source; readonly op: CompareOperator; readonly operand: Operand }
  | { readonly kind: 'some'; readonly source: Source; readonly where: Plan };

/**
 * Resolves a filter. Names that nothing defines have no value. Throws ScimError 400 invalidFilter where an operator or a
 * value does not fit the attribute, and for attributes that cannot be filtered by.
 */
export function planFilter(scope: Scope, filter: Filter): Plan {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map((term) => planFilter(scope, term)) };
    case 'not':
      return { kind: 'not', term: planFilter(scope, filter.term) };
    case 'present': {
      const source = find(scope, filter.path)?.source;
      return source === undefined ? { kind: 'always', holds: false } : { kind: 'present', source };
    }
    case 'compare':
      return planComparison(scope, filter);
    case 'some': {
      const found = find(scope, filter.path);
      if (found === undefined) return { kind: 'always', holds: false };
      const { attribute, source } = found;
      if (source.sub !== undefined || (attribute.of === undefined && !isSimpleList(attribute))) {
        throw new ScimError(400, 'invalidFilter', `${source.path} has no sub-attributes to select by.`);
      }
      if (source.isList) return { kind: 'some', source, where: planFilter({ element: attribute }, filter.where) };
      const where = planFilter({ element: attribute, inside: source }, filter.where);
      return { kind: 'and', terms: [{ kind: 'present', source }, where] };
    }
  }
}

function planComparison(scope: Scope, { path, op, value }: Filter & { kind: 'compare' }): Plan {
  const found = find(scope, path);
  const isNull = value.bare && value.text.toLowerCase() === 'null';
  const leaf = found && leafOf(found);
  if (leaf === undefined) return { kind: 'always', holds: isNull ? op === 'eq' : op === 'ne' };
  if (isNull) {
    if (op !== 'eq' && op !== 'ne') return { kind: 'always', holds: false };
    return { kind: op === 'eq' ? 'absent' : 'present', source: leaf.source };
  }
  return {
    kind: 'compare',
    source: leaf.source,
    op,
    operand: readOperand(leaf.attribute, leaf.source.path, op, value),
  };
}

interface Found {
  readonly attribute: Attribute;
  readonly source: Source;
}

/** A complex attribute is compared by its `value`: `manager eq "…"`, `emails eq "…"`. */
function leafOf({ attribute, source }: Found): Found | undefined {
  if (attribute.of === undefined) return { attribute, source };
  const value = lookUp(attribute.of, 'value');
  return value && { attribute: value.attribute, source: intoSub(source, value.name) };
}

function intoSub(source: Source, sub: string): Source {
  const path = `${source.path}.${sub}`;
  return source.isList ? { ...source, path, sub } : { ...source, path, steps: [...source.steps, sub] };
}

function find(scope: Scope, text: string): Found | undefined {
  const found = 'type' in scope ? findInResource(scope.type, text) : findInElement(scope.element, scope.inside, text);
  if (found?.attribute.unfilterable) {
    throw new ScimError(400, 'invalidFilter', `${found.source.path} cannot be filtered by.`);
  }
  return found;
}

function findInResource(type: ResourceType, text: string): Found | undefined {
  const split = splitUrn(type, text);
  if (split?.rest === '' && split.schema !== type.schema) return wholeExtension(split.schema.id);
  const target = resolve(type, text);
  return target && found(target);
}

function found(target: Target): Found {
  const { extension, name, attribute, sub } = target;
  const steps = extension === undefined ? [name] : [extension, name];
  const whole: Source = {
    path: pathOf({ ...target, sub: undefined }),
    steps,
    isList: attribute.multiValued ?? false,
  };
  return sub === undefined
    ? { attribute, source: whole }
    : { attribute: sub.attribute, source: intoSub(whole, sub.name) };
}

function findInElement(element: Attribute, inside: Source | undefined, text: string): Found | undefined {
  if (isSimpleList(element) && inside === undefined) {
    const isValue = text.toLowerCase() === 'value';
    return isValue ? { attribute: element, source: { path: 'value', steps: [], isList: false } } : undefined;
  }
  const sub = element.of && lookUp(element.of, text);
  if (sub === undefined) return undefined;
  const source =
    inside === undefined ? { path: sub.name, steps: [sub.name], isList: false } : intoSub(inside, sub.name);
  return { attribute: sub.attribute, source };
}

function wholeExtension(urn: string): Found {
  return {
    attribute: { type: 'complex', of: {}, description: 'An extension.' },
    source: { path: urn, steps: [urn], isList: false },
  };
}
