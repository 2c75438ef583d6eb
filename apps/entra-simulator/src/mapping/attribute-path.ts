import { ENTERPRISE_SCHEMA, isScimObject, objectsIn, type ScimObject } from './scim-object.js';

const TYPED = /^(?<list>\w+)\[type eq "(?<type>\w+)"\]\.(?<key>\w+)$/;
const DOTTED = /^(?<parent>\w+)\.(?<key>\w+)$/;

/** What a resource holds at a path of the mapping: plain, dotted, `emails[type eq "work"].value` or of the extension. */
export function readAt(resource: ScimObject, path: string): unknown {
  const typed = TYPED.exec(path)?.groups;
  if (typed) {
    const element = objectsIn(resource[typed.list ?? '']).find(({ type }) => type === typed.type);
    return element?.[typed.key ?? ''];
  }
  const [parent, key] = nested(path);
  if (parent === undefined) return resource[key];
  const holder = resource[parent];
  return isScimObject(holder) ? holder[key] : undefined;
}

/** Puts a value where `readAt` finds it, making the object or the list element around it where there is none. */
export function writeAt(resource: ScimObject, path: string, value: unknown): void {
  const typed = TYPED.exec(path)?.groups;
  if (typed) {
    elementOf(resource, typed.list ?? '', typed.type ?? '')[typed.key ?? ''] = value;
    return;
  }
  const [parent, key] = nested(path);
  if (parent === undefined) resource[key] = value;
  else objectAt(resource, parent)[key] = value;
}

/** True for a path into a list, which no dialect writes as a key. */
export const isValuePath = (path: string) => TYPED.test(path);

function nested(path: string): readonly [parent: string | undefined, key: string] {
  if (path.startsWith(`${ENTERPRISE_SCHEMA}:`)) return [ENTERPRISE_SCHEMA, path.slice(ENTERPRISE_SCHEMA.length + 1)];
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

function elementOf(resource: ScimObject, list: string, type: string): ScimObject {
  const elements = objectsIn(resource[list]);
  const present = elements.find((element) => element.type === type);
  if (present) return present;
  const made: ScimObject = type === 'work' ? { primary: true, type } : { type };
  resource[list] = [...elements, made];
  return made;
}
