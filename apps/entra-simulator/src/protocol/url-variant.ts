import type { Random } from '../random.js';
import type { Query } from './query.js';

/** How an address is spelled; every one of these has reached a server. */
export interface UrlVariant {
  path: 'usual' | 'small' | 'slash at the end' | 'two slashes';
  /** The feature flag belongs to the portal, but has been seen as a parameter, and between base and path. */
  flag: 'absent' | 'parameter' | 'between';
  /** A space may also be `%20`, and brackets raw. */
  encoding: 'form' | 'percent' | 'raw brackets';
  isReversed: boolean;
}

export const USUAL: UrlVariant = { path: 'usual', flag: 'absent', encoding: 'form', isReversed: false };

/** Two in three are spelled as usual. */
export function oddUrl(random: Random): UrlVariant {
  if (random.chance(0.66)) return USUAL;
  return {
    path: random.pick(['usual', 'usual', 'small', 'slash at the end', 'two slashes']),
    flag: random.pick(['absent', 'absent', 'parameter', 'between']),
    encoding: random.pick(['form', 'percent', 'raw brackets']),
    isReversed: random.chance(0.5),
  };
}

/** Only the names of endpoints are written small: ids stay as they are. */
export function spelledPath(path: string, { path: spelling }: UrlVariant): string {
  switch (spelling) {
    case 'usual':
      return path;
    case 'small':
      return path.replace(/^\/\w+/, (endpoint) => endpoint.toLowerCase());
    case 'slash at the end':
      return `${path}/`;
    case 'two slashes':
      return `/${path}`;
  }
}

export function spelledQuery(query: Query, { encoding, isReversed }: UrlVariant): string[] {
  const parts = query.map(([name, value]) => `${name}=${encoded(value, encoding)}`);
  return isReversed ? parts.reverse() : parts;
}

/** A space is `+`, a quote `%22`, an at sign `%40`. */
function encoded(value: string, encoding: UrlVariant['encoding']): string {
  const percent = encodeURIComponent(value);
  if (encoding === 'percent') return percent;
  const form = percent.replaceAll('%20', '+');
  return encoding === 'form' ? form : form.replaceAll('%5B', '[').replaceAll('%5D', ']');
}
