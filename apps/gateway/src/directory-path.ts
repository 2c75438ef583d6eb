import type { IncomingMessage } from 'node:http';

const NAMED = /^\/+v2\/+directories\/+([^/?]+)(.*)$/i;
const named = new WeakMap<object, string>();

/**
 * `/v2/directories/<id>/Users` is `/v2/Users` of the directory that is named, for keys that reach all of them. Gives the
 * address without the directory, which is remembered with the request.
 */
export function withoutDirectory(request: object, url: string): string {
  const [, directory, rest] = NAMED.exec(url) ?? [];
  if (directory === undefined) return url;
  named.set(request, directory);
  return `/v2${rest ?? ''}`;
}

/** The directory that a request's address names, as it was written. */
export const directoryNamedIn = (request: IncomingMessage): string | undefined => named.get(request);

/** The base of a request's resources: the Tenant URL, or the address of the directory that it names. */
export function baseOf(request: { raw: IncomingMessage }, baseUrl: string): string {
  const directory = directoryNamedIn(request.raw);
  return directory === undefined ? baseUrl : `${baseUrl}/directories/${directory.toLowerCase()}`;
}
