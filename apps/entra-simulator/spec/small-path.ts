const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A path of RFC 7644 §3.5.2 taken apart, as far as Entra uses it. */
export interface Place {
  /** The URN, when it is an extension's. */
  extension?: string;
  name: string;
  where?: { by: string; is: string };
  sub?: string;
}

/** Reads a path, or the left side of a comparison. Written for these specs alone: it shares nothing with the simulator. */
export function placeOf(path: string): Place {
  const core = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):(.+)$/i.exec(path)?.[1];
  if (core !== undefined) return placeOf(core);
  if (path.toLowerCase().startsWith(ENTERPRISE.toLowerCase())) {
    return { extension: ENTERPRISE, ...parts(path.slice(ENTERPRISE.length + 1)) };
  }
  const extension = /^(urn:.+):([^:]+)$/i.exec(path);
  if (extension) return { extension: extension[1], ...parts(extension[2] ?? '') };
  return /^manager(?![a-z])/i.test(path) ? { extension: ENTERPRISE, ...parts(path) } : parts(path);
}

function parts(text: string): Place {
  const found = /^(?<name>[\w$-]+)(?:\[(?<by>\w+) eq "?(?<is>[^"\]]*)"?\])?(?:\.(?<sub>\w+))?$/i.exec(text)?.groups;
  if (!found) throw new Error(`not a path: ${text}`);
  const { name = '', by, is, sub } = found;
  return {
    name: small(name),
    ...(by === undefined ? {} : { where: { by: small(by), is: is ?? '' } }),
    ...(sub === undefined ? {} : { sub: small(sub) }),
  };
}

/** Names have no case; all that are used here begin with a small letter and are otherwise written as they should be. */
export const small = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
