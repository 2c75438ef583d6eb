import { ScimError } from '../error.js';
import type { Attributes } from '../resource/resource.js';
import type { ResourceType } from '../schema/attribute.js';

/** Throws ScimError 400 invalidValue, naming the attribute, when a required one is missing (RFC 7643 §2.2). */
export function checkRequired(type: ResourceType, attributes: Attributes): void {
  for (const [name, { required }] of Object.entries(type.schema.attributes)) {
    if (required && attributes[name] === undefined) {
      throw new ScimError(400, 'invalidValue', `${name} is required.`);
    }
  }
}
