import { isScimObject, objectsIn, type ScimObject } from './scim-object.js';

const SELECTED = /^(?<list>\w+)\[(?<by>\w+) eq "(?<is>\w+)"\]\.(?<key>\w+)$/;
const DOTTED = /^(?<parent>\w+)\.(?<key>\w+)$/;

/**
 * What a resource holds at a path of the mapping: plain, dotted, `emails[type eq "work"].value`,
 * `roles[primary eq "True"].value`, or of an extension.
 */
export function readAt(resource: ScimObject, path: string): unknown {
  const selected = SELECTED.exec(path)?.groups;
  if (selected) {
    const { list = '', by = '', is = '', key = '' } = selected;
    return objectsIn(resource[list]).find((element) => isSame(element[by], is))?.[key];
  }
  const [parent, key] = nested(path);
  if (parent === undefined) return resource[key];
  const holder = resource[parent];
  return isScimObject(holder) ? holder[key] : undefined;
}

/** All that a resource holds at a path: of every element where the path goes into a list without choosing one. */
export function valuesAt(resource: ScimObject, path: string): unknown[] {
  const { parent = '', key = '' } = DOTTED.exec(path)?.groups ?? {};
  if (Array.isArray(resource[parent])) return objectsIn(resource[parent]).map((element) => element[key]);
  return [readAt(resource, path)];
}

/** Puts a value where `readAt` finds it, making the object or the list element around it where there is none. */
export function writeAt(resource: ScimObject, path: string, value: unknown): void {
  const selected = SELECTED.exec(path)?.groups;
  if (selected) {
    const { list = '', by = '', is = '', key = '' } = selected;
    elementOf(resource, list, by, is)[key] = value;
    return;
  }
  const [parent, key] = nested(path);
  if (parent === undefined) resource[key] = value;
  else objectAt(resource, parent)[key] = value;
}

/** True for a path into a list, which no dialect writes as a key. */
export const isValuePath = (path: string) => SELECTED.test(path);

function nested(path: string): readonly [parent: string | undefined, key: string] {
  if (path.startsWith('urn:')) {
    const colon = path.lastIndexOf(':');
    return [path.slice(0, colon), path.slice(colon + 1)];
  }
  const dotted = DOTTED.exec(path)?.groups;
  return dotted ? [dotted.parent, dotted.key ?? ''] : [undefined, path];
}

function objectAt(resource: ScimObject, key: string): ScimObject {
  const present = resource[key];
  if (isScimObject(present)) return present;
  const made: ScimObject = {};
  resource[key] = made;
  return made;
}

function elementOf(resource: ScimObject, list: string, by: string, is: string): ScimObject {
  const elements = objectsIn(resource[list]);
  const present = elements.find((element) => isSame(element[by], is));
  if (present) return present;
  const made: ScimObject =
    by === 'primary' ? { primary: true } : is === 'work' ? { primary: true, type: is } : { type: is };
  resource[list] = [...elements, made];
  return made;
}

/** A text "True" selects what is true. */
const isSame = (held: unknown, text: string) =>
  typeof held === 'boolean' ? String(held) === text.toLowerCase() : held === text;
