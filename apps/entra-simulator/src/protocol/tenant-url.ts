const FEATURE_FLAG = 'aadOptscim062020';

/** The Tenant URL, taken apart as Entra does: the flag is for Entra and is not sent on. */
export interface TenantUrl {
  base: string;
  /** Other query parameters of the Tenant URL, which go with every request. */
  query: string;
  hasFeatureFlag: boolean;
}

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

/** Parameters in the order given: Entra puts `excludedAttributes` before `filter`. */
export type Query = readonly (readonly [name: string, value: string])[];

export function requestUrl(tenant: TenantUrl, path: string, query: Query): URL {
  const parts = [tenant.query, ...query.map(([name, value]) => `${name}=${formEncoded(value)}`)].filter(Boolean);
  return new URL(`${tenant.base}${path}${parts.length > 0 ? `?${parts.join('&')}` : ''}`);
}

/** A space is `+`, a quote `%22`, an at sign `%40`. */
const formEncoded = (value: string) => encodeURIComponent(value).replaceAll('%20', '+');
