/**
 * The versions that an `If-Match` or `If-None-Match` header names (RFC 7644 §3.14): undefined when there is no header or it is
 * `*`; entries that no resource of ours can have match nothing.
 */
export function versionsIn(header: string | string[] | undefined): number[] | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (text === undefined || text.trim() === '*') return undefined;
  return text.split(',').map((entry) => Number(/^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(entry)?.[1] ?? -1));
}
