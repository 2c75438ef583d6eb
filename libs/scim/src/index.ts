export type { Json, JsonObject } from './json.js';
export { ERROR_SCHEMA, errorBody, ScimError, type ScimType } from './error.js';
export { foldKey } from './fold.js';
export {
  BODY_BYTES_MAX,
  BULK_BYTES_MAX,
  BULK_KEYS_MAX,
  BULK_OPERATIONS_MAX,
  checkLimits,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
} from './limits.js';

export type { Attribute, AttributeSet, Extension, ResourceType, Schema } from './schema/attribute.js';
export { resourceTypeDocuments, schemaDocument, schemaDocuments } from './schema/documents.js';
export { ENTERPRISE_USER_SCHEMA } from './schema/enterprise-user.schema.js';
export { GROUP_SCHEMA } from './schema/group.schema.js';
export {
  BULK_REQUEST_SCHEMA,
  BULK_RESPONSE_SCHEMA,
  LIST_SCHEMA,
  PATCH_SCHEMA,
  SEARCH_SCHEMA,
} from './schema/message-schemas.js';
export { builtInTypes, groupType, type ResourceTypes, typesWith, userType } from './schema/resource-types.js';
export { serviceProviderConfigDocument } from './schema/service-provider-config.js';
export { USER_SCHEMA } from './schema/user.schema.js';

export { readGroup, readUser } from './body/read-resource.js';
export { applyPatch } from './apply/apply.js';
export type { MemberOperation, PatchOperation, PatchPath } from './patch/operation.js';
export { readGroupPatch, readUserPatch } from './patch/read-patch.js';

export { orderBulk } from './bulk/order.js';
export { type BrokenOperation, type BulkOperation, readBulk } from './bulk/read-bulk.js';
export { referencesIn, withReferences } from './bulk/references.js';

export type { CompareOperator, Filter, FilterValue } from './filter/filter.js';
export { orderSql, sortKey, type SortKey } from './sql/order.js';
export { parseFilter } from './filter/parse.js';
export { matches } from './filter/predicate.js';
export { filterToSql } from './sql/filter-to-sql.js';
export { GROUP_TABLE, type SqlColumn, type SqlTable, USER_TABLE } from './sql/table.js';

export { type Change, changesBetween, isSame } from './resource/changes.js';
export { emailKeys } from './resource/email-keys.js';
export { listFrame, listResponse, type Page } from './resource/list-response.js';
export { project, type Projection, wants } from './resource/project.js';
export type { Attributes, Resource } from './resource/resource.js';
export { type Form, referenceForm, resourceFrame, resourceText, type View } from './resource/resource-text.js';
export { withoutWithdrawn } from './resource/withdrawn.js';
export { etag, type Reference, type Stored, toResource } from './resource/to-resource.js';
