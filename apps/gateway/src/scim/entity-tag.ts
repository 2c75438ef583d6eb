/** A version as we write it, `W/"3"`, or without the mark of weakness, as some proxies leave it. */
const TAG = /(?:W\/)?"([^"]*)"/g;
const ANY = '*';

/** The versions of an `If-Match` (RFC 7644 §3.14); undefined when any will do. A tag that is none of ours matches nothing. */
export function readIfMatch(header: string | undefined): number[] | undefined {
  return header === undefined || header.trim() === ANY ? undefined : versionsIn(header);
}

/** Whether an `If-None-Match` says that the client already has this version. */
export function hasVersion(header: string | undefined, version: number): boolean {
  return header !== undefined && (header.trim() === ANY || versionsIn(header).includes(version));
}

function versionsIn(header: string): number[] {
  return [...header.matchAll(TAG)].flatMap(([, tag = '']) => (/^\d{1,15}$/.test(tag) ? [Number(tag)] : []));
}
