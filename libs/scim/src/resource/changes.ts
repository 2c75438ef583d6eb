import { isJsonObject, type Json, sameJson } from '../json.js';
import type { Attribute, ResourceType } from '../schema/attribute.js';
import { lookUp } from '../schema/target.js';
import type { Attributes } from './resource.js';

/** One attribute that differs; without `before` it is new, without `after` it is gone. */
export interface Change {
  path: string;
  before?: Json;
  after?: Json;
}

/** True when two sets of canonical attributes say the same, letter for letter: then nothing has happened. */
export function isSame(type: ResourceType, before: Attributes, after: Attributes): boolean {
  return changesBetween(type, before, after).length === 0;
}

/**
 * Gives what differs between two sets of canonical attributes, one change for an attribute: `displayName`, `name.givenName`,
 * `emails` as a whole, `urn:…:User:department`. Values are compared letter for letter; the order of a multi-valued attribute
 * says nothing (RFC 7643 §2.4).
 */
export function changesBetween(type: ResourceType, before: Attributes, after: Attributes): Change[] {
  return changedNames(before, after).flatMap((name) => {
    const extension = type.extensions.find(({ id }) => id === name);
    if (extension === undefined) {
      return changesOf(name, lookUp(type.schema.attributes, name)?.attribute, before[name], after[name]);
    }
    const [old, current] = [objectOf(before[name]), objectOf(after[name])];
    return changedNames(old, current).flatMap((key) => {
      return changesOf(`${name}:${key}`, lookUp(extension.attributes, key)?.attribute, old[key], current[key]);
    });
  });
}

function changesOf(path: string, attribute: Attribute | undefined, before?: Json, after?: Json): Change[] {
  // A complex attribute with a `value`, like manager, is one thing; one without, like name, is the sum of its parts.
  if (attribute?.of && !attribute.multiValued && attribute.of.value === undefined) {
    const [old, current] = [objectOf(before), objectOf(after)];
    return changedNames(old, current).map((key) => change(`${path}.${key}`, old[key], current[key]));
  }
  return [change(path, before, after)];
}

function changedNames(before: Attributes, after: Attributes): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isEqual(before[name], after[name]));
}

function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) {
    if (!isJsonObject(a) || !isJsonObject(b)) return sameJson(a, b);
    return changedNames(a, b).length === 0;
  }
  if (a.length !== b.length) return false;
  const unmatched = [...b];
  return a.every((item) => {
    const at = unmatched.findIndex((other) => sameJson(item, other));
    if (at !== -1) unmatched.splice(at, 1);
    return at !== -1;
  });
}

function objectOf(value: Json | undefined): Attributes {
  return isJsonObject(value) ? value : {};
}

function change(path: string, before: Json | undefined, after: Json | undefined): Change {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
