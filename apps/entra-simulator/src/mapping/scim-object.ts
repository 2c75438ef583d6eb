/** A JSON object as it travels; what is in it is looked at key by key. */
export type ScimObject = Record<string, unknown>;

export function isScimObject(value: unknown): value is ScimObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a multi-valued attribute; an attribute that is absent has none. */
export function objectsIn(value: unknown): ScimObject[] {
  return Array.isArray(value) ? value.filter(isScimObject) : [];
}

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const MANAGER_PATH = `${ENTERPRISE_SCHEMA}:manager`;
