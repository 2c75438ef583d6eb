const OF_LISTS = ['GET', 'HEAD', 'OPTIONS', 'POST'];
const OF_RESOURCES = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'];
const OF_DOCUMENTS = ['GET', 'HEAD', 'OPTIONS'];

/** The methods of an address in the form of our routes; undefined when there is nothing at it. */
export function allowedMethods(url: string): readonly string[] | undefined {
  const [path = ''] = url.split('?', 1);
  if (/^\/v2\/(?:Users|Groups)$/.test(path)) return OF_LISTS;
  if (/^\/v2\/(?:Users|Groups)\/[^/]+$/.test(path)) return OF_RESOURCES;
  if (/^\/v2\/(?:ServiceProviderConfig|(?:ResourceTypes|Schemas)(?:\/[^/]+)?)$/.test(path)) return OF_DOCUMENTS;
  return undefined;
}
