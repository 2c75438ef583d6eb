import type { Window } from './page-sql.js';
import type { Selection } from './selection.js';
import type { Question } from './together.js';

// Columns with an index of their own; what identity providers look for before each change.
const EXACT = /^ and r\.(?:user_name_key|external_id|display_name_key) = \$2$/;

/** A question for the few resources that have one text, as an index finds them; undefined for any other. */
export function exactly({ parts, keyType, values }: Selection, { limit, offset, after }: Window): Question | undefined {
  const [part, ...others] = parts;
  const [directory, wanted, ...more] = values;
  if (part === undefined || others.length > 0 || keyType !== undefined || after !== null || more.length > 0)
    return undefined;
  if (!EXACT.test(part.where) || typeof directory !== 'string' || typeof wanted !== 'string') return undefined;
  return {
    text: `select r.id, r.version, r.created_at, r.last_modified, r.attributes, '${part.kind}' as kind, null as place
             from ${part.table} r where r.directory_id = $1${part.where} order by r.id limit $3 offset $4`,
    directory,
    texts: [wanted],
    shared: [limit, offset],
  };
}
