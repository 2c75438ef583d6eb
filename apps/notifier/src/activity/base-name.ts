/** The attribute to which a path leads, without its schema, its filter and its sub-attribute; null for a whole schema. */
export function baseName(path: string): string | null {
  const bare = path.replace(/\[.*$/s, '').trim();
  if (/^urn:.*:(User|Group)$/i.test(bare)) return null;
  const name = bare.slice(bare.lastIndexOf(':') + 1).split('.')[0] ?? '';
  return name === '' ? null : name.toLowerCase();
}
