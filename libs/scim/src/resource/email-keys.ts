import { foldKey } from '../fold.js';
import { isJsonObject } from '../json.js';
import type { Attributes } from './resource.js';

/** The folded values of all e-mail addresses, each once: the key column that an index finds a user by (Q18). */
export function emailKeys({ emails }: Attributes): string[] {
  if (!Array.isArray(emails)) return [];
  const values = emails
    .filter(isJsonObject)
    .flatMap(({ value }) => (typeof value === 'string' ? [foldKey(value)] : []));
  return [...new Set(values)];
}
