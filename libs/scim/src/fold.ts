const ASCII = /^[\0-\x7f]*$/;

/**
 * Takes a text and gives the key under which texts that differ only in case are equal: key columns, uniqueness and filters
 * all use it. Each code point is lowered by itself, so that PostgreSQL's `lower(… collate "pg_c_utf8")` gives the same key;
 * lowering a whole word would treat a final Σ and the dotted İ differently on the two sides.
 */
export function foldKey(value: string): string {
  if (ASCII.test(value)) return value.toLowerCase();
  let key = '';
  for (const character of value) key += character === 'İ' ? 'i' : character.toLowerCase();
  return key;
}
