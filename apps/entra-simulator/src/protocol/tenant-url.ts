import type { Query } from './query.js';
import { spelledPath, spelledQuery, USUAL, type UrlVariant } from './url-variant.js';

const FEATURE_FLAG = 'aadOptscim062020';

/** The Tenant URL, taken apart as Entra does: the flag is for Entra and is not sent on. */
export interface TenantUrl {
  base: string;
  /** Other query parameters of the Tenant URL, which go with every request. */
  query: string;
  hasFeatureFlag: boolean;
}

/** Takes a Tenant URL apart. Throws a TypeError for what is no http or https address. */
export function tenantUrl(text: string): TenantUrl {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('not an http or https address');
  const parts = url.search.slice(1).split('&').filter(Boolean);
  return {
    base: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    query: parts.filter((part) => !part.startsWith(FEATURE_FLAG)).join('&'),
    hasFeatureFlag: parts.some((part) => part.startsWith(FEATURE_FLAG)),
  };
}

/** The address of a request, in one of the spellings that have been seen. */
export function requestUrl(tenant: TenantUrl, path: string, query: Query, variant: UrlVariant = USUAL): URL {
  const flag = variant.flag === 'parameter' ? FEATURE_FLAG : '';
  const parts = [tenant.query, flag, ...spelledQuery(query, variant)].filter(Boolean);
  const between = variant.flag === 'between' ? `?${FEATURE_FLAG}` : '';
  return new URL(
    `${tenant.base}${between}${spelledPath(path, variant)}${parts.length > 0 ? `?${parts.join('&')}` : ''}`,
  );
}
