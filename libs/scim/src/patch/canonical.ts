import { readElement, readValue } from '../body/value.js';
import { ScimError } from '../error.js';
import type { Filter } from '../filter/filter.js';
import { planFilter } from '../filter/plan.js';
import { isJsonObject, isObject, type Json, type JsonObject } from '../json.js';
import { lookUp, pathOf } from '../schema/target.js';
import type { Aimed } from './aim.js';
import { patchPath, type PatchOperation } from './operation.js';

/**
 * Gives the canonical operations of an aimed one: values coerced as in a POST, and a value that says nothing (null, "", a
 * manager of "" or `{value: ""}`) turned into `remove` (Q12, Q47). Throws ScimError 400: invalidValue, naming the attribute,
 * when the value is missing or has the wrong type; invalidFilter when a value path compares what cannot be compared.
 */
export function canonical(aimed: Aimed): PatchOperation[] {
  const { op, target, where } = aimed;
  if (where !== undefined) planFilter({ element: target.attribute }, where);
  if (op === 'remove') return [remove(aimed)].filter((operation) => operation !== undefined);
  if (aimed.raw === undefined) throw new ScimError(400, 'invalidValue', `${pathOf(target)} needs a value.`);
  const isWhole = target.sub === undefined && where === undefined;
  if (isWhole && target.attribute.multiValued) return writeList({ ...aimed, op });
  if (isWhole && target.attribute.of) return writeComplex({ ...aimed, op });
  return writeOne({ ...aimed, op });
}

type Write = Aimed & { readonly op: 'add' | 'replace' };

function writeList({ op, target, raw }: Write): PatchOperation[] {
  const value = readValue(target.attribute, pathOf(target), raw);
  const path = patchPath(target);
  if (value !== undefined) return [{ op, path, value }];
  return op === 'replace' ? [{ op: 'remove', path }] : [];
}

/** A complex attribute is written sub-attribute by sub-attribute: those not named keep their values (Q59). */
function writeComplex(write: Write): PatchOperation[] {
  const { op, target } = write;
  const of = target.attribute.of ?? {};
  const raw: unknown = of.value !== undefined && Array.isArray(write.raw) ? write.raw[0] : write.raw;
  if (!isObject(raw) || Object.keys(raw).length === 0)
    return writeOne({ ...write, raw: raw === undefined ? null : raw });
  return Object.entries(raw).flatMap(([key, value]) => {
    const sub = lookUp(of, key);
    if (sub === undefined || sub.attribute.mutability === 'readOnly') return [];
    return writeOne({ op, target: { ...target, sub }, raw: value });
  });
}

function writeOne({ op, target, where, raw }: Write): PatchOperation[] {
  const path = patchPath(target, where);
  const { attribute } = target.sub ?? target;
  const single: unknown = where !== undefined && target.sub === undefined && Array.isArray(raw) ? raw[0] : raw;
  const value = readElement(attribute, pathOf(target), single);
  if (value !== undefined) return [{ op, path, value }];
  const isAddOfNothing = op === 'add' && where !== undefined && target.sub === undefined;
  return isAddOfNothing ? [] : [{ op: 'remove', path }];
}

/**
 * A value beside a complete path is ignored (Q46). On a whole list it names the elements to go, as it does for members (Q4):
 * reading it as "all of them" would lose the others.
 */
function remove({ target, where, raw }: Aimed): PatchOperation | undefined {
  const isWholeList = where === undefined && target.sub === undefined && target.attribute.multiValued;
  if (!isWholeList || raw === undefined || raw === null || raw === '') {
    return { op: 'remove', path: patchPath(target, where) };
  }
  const listed = readValue(target.attribute, pathOf(target), Array.isArray(raw) ? raw : [raw]);
  if (!Array.isArray(listed)) return undefined;
  const terms = listed.map((item) => selectorOf(isJsonObject(item) ? item : { value: item }));
  return { op: 'remove', path: patchPath(target, { kind: 'or', terms }) };
}

function selectorOf(element: JsonObject): Filter {
  const { value, type } = element;
  const known: [string, Json | undefined][] =
    value === undefined ? Object.entries(element) : Object.entries({ value, type });
  return {
    kind: 'and',
    terms: known.flatMap(([path, item]): Filter[] => {
      if (typeof item !== 'string' && typeof item !== 'boolean' && typeof item !== 'number') return [];
      return [{ kind: 'compare', path, op: 'eq', value: { text: String(item), bare: false } }];
    }),
  };
}
