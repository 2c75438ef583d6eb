import type { Attribute, AttributeSet, ResourceType, Schema } from './attribute.js';
import { commonAttributes } from './common.js';

/** What an attribute name means: an attribute in the spelling of its schema, or one of its sub-attributes. */
export interface Target {
  /** The URN, when the attribute belongs to an extension. */
  readonly extension?: string;
  readonly name: string;
  readonly attribute: Attribute;
  readonly sub?: { readonly name: string; readonly attribute: Attribute };
}

const indexes = new WeakMap<AttributeSet, ReadonlyMap<string, string>>();

/** Finds an attribute by its name in any case (RFC 7643 §2.1, Q37); undefined when the set has no such name. */
export function lookUp(set: AttributeSet, name: string): { name: string; attribute: Attribute } | undefined {
  let index = indexes.get(set);
  if (index === undefined) {
    index = new Map(Object.keys(set).map((known) => [known.toLowerCase(), known]));
    indexes.set(set, index);
  }
  const known = index.get(name.toLowerCase());
  const attribute = known === undefined ? undefined : set[known];
  return known === undefined || attribute === undefined ? undefined : { name: known, attribute };
}

/**
 * Splits a name after the URN of one of the type's schemas, if it begins with one. A dot may follow the URN instead of the
 * colon: Microsoft's own test collection writes `…:2.0:User.manager`.
 */
export function splitUrn(type: ResourceType, text: string): { schema: Schema; rest: string } | undefined {
  if (!/^urn:/i.test(text)) return undefined;
  for (const schema of [type.schema, ...type.extensions]) {
    const { length } = schema.id;
    if (text.slice(0, length).toLowerCase() !== schema.id.toLowerCase()) continue;
    if (text.length === length) return { schema, rest: '' };
    if (text[length] === ':' || text[length] === '.') return { schema, rest: text.slice(length + 1) };
  }
  return undefined;
}

/**
 * Resolves `userName`, `name.givenName`, `urn:…:User:manager.value` and the like in any case (RFC 7644 §3.10). A name
 * without URN is looked for in the core schema, then among the common attributes, then in the extensions, because Entra
 * writes a bare `manager`. Gives undefined for a name that nothing defines, which callers ignore (Q34).
 */
export function resolve(type: ResourceType, text: string): Target | undefined {
  const split = splitUrn(type, text);
  if (split !== undefined) {
    const isCore = split.schema === type.schema;
    return within(isCore ? undefined : split.schema.id, split.schema.attributes, split.rest);
  }
  return (
    within(undefined, type.schema.attributes, text) ??
    within(undefined, commonAttributes, text) ??
    type.extensions.map(({ id, attributes }) => within(id, attributes, text)).find((target) => target !== undefined)
  );
}

/** Resolves the rest of a name, `attribute` or `attribute.sub`, inside one set of attributes. */
function within(extension: string | undefined, set: AttributeSet, text: string): Target | undefined {
  const dot = text.indexOf('.');
  const found = lookUp(set, dot === -1 ? text : text.slice(0, dot));
  if (found === undefined) return undefined;
  const target = extension === undefined ? found : { extension, ...found };
  if (dot === -1) return target;
  const name = text.slice(dot + 1);
  // The values of a simple multi-valued attribute have no parts; `value` names each as a whole (RFC 7644 §3.5.2).
  if (isSimpleList(found.attribute)) return name.toLowerCase() === 'value' ? target : undefined;
  const sub = found.attribute.of && lookUp(found.attribute.of, name);
  return sub && { ...target, sub };
}

/** True for a list whose values are no objects: `["a", "b"]`. */
export function isSimpleList({ multiValued, of }: Attribute): boolean {
  return multiValued === true && of === undefined;
}

/** The canonical path of a target, as filters' tables and changes name it. */
export function pathOf({ extension, name, sub }: Target): string {
  return `${extension === undefined ? '' : `${extension}:`}${name}${sub === undefined ? '' : `.${sub.name}`}`;
}
