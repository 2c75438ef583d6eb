import { BULK_BYTES_MAX, BULK_OPERATIONS_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../limits.js';
import type { Resource } from '../resource/resource.js';

/** The document of /ServiceProviderConfig (RFC 7643 §5; `pagination` is RFC 9865 §4). Takes the base of all addresses. */
export function serviceProviderConfigDocument(baseUrl: string): Resource {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: BULK_OPERATIONS_MAX, maxPayloadSize: BULK_BYTES_MAX },
    filter: { supported: true, maxResults: PAGE_SIZE_MAX },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: PAGE_SIZE_DEFAULT,
      maxPageSize: PAGE_SIZE_MAX,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A directory key in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
