import { clearing, isKept, readAssignments } from '../body/assignments.js';
import { ScimError } from '../error.js';
import type { Filter } from '../filter/filter.js';
import { isObject } from '../json.js';
import type { ResourceType } from '../schema/attribute.js';
import { isSimpleList, lookUp, resolve, splitUrn, type Target } from '../schema/target.js';
import { parsePatchPath } from './path.js';
import type { WrittenOperation } from './written.js';

/** An operation on one resolved attribute, its value still as it came. */
export interface Aimed {
  readonly op: 'add' | 'replace' | 'remove';
  readonly target: Target;
  readonly where?: Filter;
  readonly raw: unknown;
}

/**
 * Resolves what an operation is about. One without path, or with the URN of an extension as its path, becomes one operation
 * for each attribute in its value (Q8), where a key may also be a value path. What is unknown (Q34), readOnly or never kept is left out. Throws ScimError 400:
 * invalidPath for a path that cannot be read, invalidValue when the value of an operation without path is no object.
 */
export function aim(type: ResourceType, { op, path, raw }: WrittenOperation): Aimed[] {
  if (path === undefined) {
    if (!isObject(raw))
      throw new ScimError(400, 'invalidValue', 'The value of an operation without path must be an object.');
    return Object.entries(raw).flatMap(([key, value]) => {
      // A value path as a key means what it means as a path; to pass it over would answer "done" for nothing (Q42).
      if (key.includes('[')) return aim(type, { op, path: key, raw: value });
      return readAssignments(type, { [key]: value }).map((assignment) => ({ op, ...assignment }));
    });
  }
  const { name, where, sub } = parsePatchPath(path);
  const urn = splitUrn(type, name);
  if (urn?.rest === '') {
    if (where !== undefined) throw new ScimError(400, 'invalidPath', `${urn.schema.id} has no values to select from.`);
    const isCore = urn.schema === type.schema;
    if (op === 'remove')
      return isCore ? [] : clearing(type, urn.schema.id).map(({ target }) => ({ op, target, raw: null }));
    return aim(type, { op, raw: isCore ? raw : { [urn.schema.id]: raw } });
  }
  const target = resolve(type, name);
  if (target === undefined || !isKept(target)) return [];
  if (where === undefined) return [{ op, target, raw }];
  const { of } = target.attribute;
  if (isSimpleList(target.attribute)) {
    const isOfValues = namesOf(where).every((each) => each.toLowerCase() === 'value');
    return isOfValues && (sub ?? 'value').toLowerCase() === 'value' ? [{ op, target, where, raw }] : [];
  }
  if (of === undefined || target.sub !== undefined) {
    throw new ScimError(400, 'invalidPath', `${name} has no sub-attributes to select by.`);
  }
  if (!namesOf(where).every((each) => lookUp(of, each) !== undefined)) return [];
  if (sub === undefined) return [{ op, target, where, raw }];
  const found = lookUp(of, sub);
  return found === undefined ? [] : [{ op, target: { ...target, sub: found }, where, raw }];
}

function namesOf(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(namesOf);
    case 'not':
      return namesOf(filter.term);
    default:
      return [filter.path];
  }
}
