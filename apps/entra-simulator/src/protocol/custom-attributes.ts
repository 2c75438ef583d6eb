import { CUSTOM_TYPES, type CustomAttribute, type CustomType } from '../mapping/custom-attribute.js';
import { objectsIn, type ScimObject } from '../mapping/scim-object.js';
import { ProvisioningFailure, Quarantine } from './failure.js';
import { resourcesOf } from './find.js';
import type { Talk } from './scim.talk.js';

/**
 * Reads from the target's `/Schemas` what the mapped custom attributes are. Throws a Quarantine when the target does not
 * describe one: Entra's log calls that `SchemaAttributeNotFound`.
 */
export async function customAttributes(talk: Talk, paths: readonly string[]): Promise<CustomAttribute[]> {
  if (paths.length === 0) return [];
  try {
    const schemas = resourcesOf(await talk.get('/Schemas'), 'read the schemas');
    return paths.map((path) => attributeIn(schemas, path));
  } catch (error) {
    if (!(error instanceof ProvisioningFailure)) throw error;
    throw new Quarantine(error.reason, error.evidence);
  }
}

function attributeIn(schemas: readonly ScimObject[], path: string): CustomAttribute {
  const colon = path.lastIndexOf(':');
  const schema = schemas.find(({ id }) => isSame(id, path.slice(0, colon)));
  const attribute = objectsIn(schema?.attributes).find(({ name }) => isSame(name, path.slice(colon + 1)));
  if (!schema || !attribute)
    throw new ProvisioningFailure(`SchemaAttributeNotFound: /Schemas does not describe ${path}`);
  const type = CUSTOM_TYPES.find((each) => each === attribute.type);
  const isMultiValued = attribute.multiValued === true;
  if (!type || (isMultiValued && type !== 'string')) {
    const found = `${isMultiValued ? 'several of ' : ''}${String(attribute.type)}`;
    throw new ProvisioningFailure(`custom attributes of this kind are not played: ${path} is ${found}`);
  }
  return { path: `${String(schema.id)}:${String(attribute.name)}`, type: type satisfies CustomType, isMultiValued };
}

const isSame = (found: unknown, wanted: string) =>
  typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();
