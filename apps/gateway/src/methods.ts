const COLLECTION = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const RESOURCE = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const READ = ['GET', 'HEAD', 'OPTIONS'];
const POST = ['POST', 'OPTIONS'];

/** RFC 7644 table 2. The first that fits counts. */
const PLACES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/v2(?:\/(?:Users|Groups))?\/\.search$/, POST],
  [/^\/v2\/Bulk$/, POST],
  [/^\/oauth2\/token$/, POST],
  [/^\/\.well-known\/oauth-authorization-server$/, READ],
  [/^\/v2$/, READ],
  [/^\/v2\/(?:Users|Groups)$/, COLLECTION],
  [/^\/v2\/(?:Users|Groups)\/[^/]+$/, RESOURCE],
  [/^\/v2\/ServiceProviderConfig$/, READ],
  [/^\/v2\/(?:Schemas|ResourceTypes)(?:\/[^/]+)?$/, READ],
];

/** The methods that an address takes, for `Allow` (RFC 9110 §10.2.1); undefined where there is nothing, or anything goes. */
export function methodsAt(url: string): readonly string[] | undefined {
  const [path = ''] = url.split('?', 1);
  return PLACES.find(([place]) => place.test(path))?.[1];
}
