import type { Json } from '../json.js';
import type { Resource } from '../resource/resource.js';
import type { Attribute, AttributeSet, ResourceType, Schema } from './attribute.js';
import { builtInTypes, type ResourceTypes } from './resource-types.js';

const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** The resources of /Schemas (RFC 7643 §7), made from the registry: never a null (Q50). Takes the base of all addresses. */
export function schemaDocuments(baseUrl: string, types: ResourceTypes = builtInTypes): Resource[] {
  const schemas = Object.values(types).flatMap((type) => [type.schema, ...inUse(type)]);
  return schemas.map((schema) => schemaDocument(schema, baseUrl));
}

/** An extension whose attributes have all been withdrawn is there no more. */
function inUse({ extensions }: ResourceType): Schema[] {
  return extensions.filter(({ attributes }) => Object.keys(attributes).length > 0);
}

/** The resource of one schema (RFC 7643 §7). */
export function schemaDocument({ id, name, description, attributes }: Schema, baseUrl: string): Resource {
  return {
    schemas: [SCHEMA_SCHEMA],
    id,
    name,
    description,
    attributes: attributeDocuments(attributes),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  };
}

function attributeDocuments(set: AttributeSet): Json[] {
  return Object.entries(set).map(([name, attribute]) => attributeDocument(name, attribute));
}

function attributeDocument(name: string, attribute: Attribute): Json {
  const { type, of, canonicalValues, referenceTypes } = attribute;
  const isText = type === 'string' || type === 'reference' || type === 'binary';
  return {
    name,
    type,
    multiValued: attribute.multiValued ?? false,
    description: attribute.description,
    required: attribute.required ?? false,
    ...(canonicalValues && { canonicalValues: [...canonicalValues] }),
    ...(isText && { caseExact: attribute.caseExact ?? false }),
    mutability: attribute.mutability ?? 'readWrite',
    returned: attribute.returned ?? 'default',
    ...(type !== 'boolean' && { uniqueness: attribute.uniqueness ?? 'none' }),
    ...(referenceTypes && { referenceTypes: [...referenceTypes] }),
    ...(of && { subAttributes: attributeDocuments(of) }),
  };
}

/** The resources of /ResourceTypes (RFC 7643 §6). Takes the base of all addresses. */
export function resourceTypeDocuments(baseUrl: string, types: ResourceTypes = builtInTypes): Resource[] {
  return Object.values(types).map((type) => resourceTypeDocument(type, baseUrl));
}

function resourceTypeDocument(type: ResourceType, baseUrl: string): Resource {
  const { name, endpoint, description, schema } = type;
  const extensions = inUse(type).map(({ id }) => ({ schema: id, required: false }));
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: name,
    name,
    endpoint,
    description,
    schema: schema.id,
    ...(extensions.length > 0 && { schemaExtensions: extensions }),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  };
}
