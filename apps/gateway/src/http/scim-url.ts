const AS_USUAL = /^\/v2\/(?:Users|Groups)(?:\/[0-9A-Za-z-]+)?$/;
/** `/serviceConfiguration` is what Microsoft's own test collection asks for. */
const NAMES = new Map([
  ['users', 'Users'],
  ['groups', 'Groups'],
  ['schemas', 'Schemas'],
  ['resourcetypes', 'ResourceTypes'],
  ['serviceproviderconfig', 'ServiceProviderConfig'],
  ['serviceconfiguration', 'ServiceProviderConfig'],
] as const);

/** Whether this address is one that SCIM clients ask, so that the provisioning log should have it. */
export function isScimPath(url: string): boolean {
  return /^\/v2(?:[/?]|$)/.test(url);
}

/** Health and metrics answer in their own form: they are for operators, not for SCIM clients. */
export function isOperatorPath(url: string): boolean {
  return /^\/(?:health|metrics)(?:[/?]|$)/.test(url);
}

/**
 * Brings an address as clients write it into the form of our routes: doubled and trailing slashes, `/users`, and Entra's
 * feature flag between base and path (`/v2/?aadOptscim062020/Users?filter=…`, Q54). The query stays as it is.
 */
export function scimUrl(url: string): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  if (AS_USUAL.test(path)) return url;
  const query = mark === -1 ? '' : url.slice(mark);
  const written = scimPath(path);
  const [, behindFlag] = (written === '/v2' && /^\?[\w=&]+(\/.*)$/.exec(query)) || [];
  return behindFlag === undefined ? written + query : scimUrl(written + behindFlag);
}

function scimPath(path: string): string {
  if (!path.startsWith('/')) return path;
  const segments = decodable(path)
    .split('/')
    .filter((segment) => segment !== '');
  if (segments[0]?.toLowerCase() === 'v2') {
    segments[0] = 'v2';
    const [, name] = segments;
    if (name !== undefined) segments[1] = NAMES.get(name.toLowerCase()) ?? name;
  }
  return `/${segments.join('/')}`;
}

/** A broken escape is taken literally: it names nothing, which is a 404 like any other. */
function decodable(path: string): string {
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    return path.replaceAll('%', '%25');
  }
}
