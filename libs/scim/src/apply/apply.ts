import { checkRequired } from '../body/required.js';
import { copyJson, isJsonObject, type Json, type JsonObject } from '../json.js';
import type { Attributes } from '../resource/resource.js';
import type { Attribute, ResourceType } from '../schema/attribute.js';
import { commonAttributes } from '../schema/common.js';
import { isSimpleList, lookUp } from '../schema/target.js';
import { changeElements } from './elements.js';
import { changeValues } from './simple-list.js';
import { Work } from './work.js';
import type { PatchOperation, PatchPath } from '../patch/operation.js';

/**
 * Applies canonical operations to a copy of the attributes and gives the copy: all of them or, when one throws, none (Q57).
 * What is not there can be removed without complaint. Throws ScimError 400: noTarget when a value path that is not made of
 * `eq` selects nothing to write to, tooMany when they compare too much, invalidValue when a required attribute is gone at the end or a list grows too long.
 */
export function applyPatch(
  type: ResourceType,
  attributes: Attributes,
  operations: readonly PatchOperation[],
): Attributes {
  const copy = copyJson(attributes);
  const work = new Work();
  for (const operation of operations) applyOperation(type, copy, operation, work);
  checkRequired(type, copy);
  return copy;
}

/** Applies one operation in place, without looking whether required attributes are still there. Throws like applyPatch. */
export function applyOperation(
  type: ResourceType,
  attributes: Attributes,
  operation: PatchOperation,
  work = new Work(),
): void {
  const { extension, attribute: name } = operation.path;
  const attribute = attributeAt(type, operation.path);
  if (attribute === undefined) return;
  const held = extension === undefined ? attributes : attributes[extension];
  const holder = isJsonObject(held) ? held : {};
  const value = changed(attribute, holder[name], operation, work);
  if (value !== undefined) holder[name] = value;
  else Reflect.deleteProperty(holder, name);
  if (extension === undefined) return;
  if (Object.keys(holder).length > 0) attributes[extension] = holder;
  else Reflect.deleteProperty(attributes, extension);
}

/** Operations arrive over the wire: a path counts only if the schema knows it, in its own spelling. */
function attributeAt(type: ResourceType, { extension, attribute, sub }: PatchPath): Attribute | undefined {
  const sets =
    extension === undefined
      ? [type.schema.attributes, commonAttributes]
      : type.extensions.filter(({ id }) => id === extension).map(({ attributes }) => attributes);
  const found = sets.map((set) => lookUp(set, attribute)).find((each) => each !== undefined);
  if (found?.name !== attribute || found.attribute.mutability === 'readOnly') return undefined;
  const isSubKnown = sub === undefined || (found.attribute.of && lookUp(found.attribute.of, sub)?.name === sub);
  return isSubKnown ? found.attribute : undefined;
}

function changed(
  attribute: Attribute,
  current: Json | undefined,
  operation: PatchOperation,
  work: Work,
): Json | undefined {
  if (isSimpleList(attribute)) {
    const values = changeValues(attribute, Array.isArray(current) ? current : [], operation, work);
    return values.length === 0 ? undefined : values;
  }
  if (attribute.of === undefined) return operation.op === 'remove' ? undefined : copyJson(operation.value);
  const elements = (attribute.multiValued && Array.isArray(current) ? current : [current]).filter(isJsonObject);
  const next: JsonObject[] = changeElements(attribute, elements, operation, work);
  if (attribute.multiValued) return next.length === 0 ? undefined : next;
  return next[0];
}
