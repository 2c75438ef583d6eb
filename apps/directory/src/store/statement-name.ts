// PostgreSQL cuts names at 63 bytes, and callers' filters must not fill a connection with statements: the first shapes that
// are asked for get a name of their own, so that their plans are kept; the rest run unnamed.
const NAMED_MAX = 200;
const names = new Map<string, string>();

/** The name under which a list's statement is prepared, or '' for none. One name stands for one text, always. */
export function statementName(kind: 'page' | 'count', text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= NAMED_MAX) return '';
  const name = `list_${kind}_${names.size}`;
  names.set(text, name);
  return name;
}
