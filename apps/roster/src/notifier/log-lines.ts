import type { LogDetails, LogEntry } from '#libs/contracts';
import { csvLine } from './csv.js';

export const CSV_HEADINGS =
  'id,time,status,scimType,class,method,path,query,resource,target,key,durationMs,requestId,clientAddress,userAgent,count,leftOut,detail';

/** An entry as a line of CSV, in the order of CSV_HEADINGS. */
export function entryAsCsv(entry: LogEntry): string {
  const { id, at, status, scimType, failureClass, method, path, query, resourceType, target, keyId } = entry;
  const { durationMs, correlationId, client, count, leftOut, detail } = entry;
  const asked = [id, at, status, scimType, failureClass, method, path, query, resourceType, target, keyId];
  const answered = [durationMs, correlationId, client.address, client.userAgent, count, leftOut.join(' '), detail];
  return csvLine([...asked, ...answered]);
}

/** An entry in a line, for people. */
export function entryAsLine({
  id,
  at,
  status,
  scimType,
  method,
  path,
  target,
  keyId,
  detail,
  count,
}: LogEntry): string {
  const result = scimType === null ? String(status) : `${status} ${scimType}`;
  const whom = target === null || path.endsWith(target) ? '' : target;
  const many = count > 1 ? `× ${count}` : '';
  const parts = [at, result.padEnd(16), method.padEnd(6), path, whom, keyId ?? 'no key', many, detail ?? '', id];
  return parts.filter((part) => part !== '').join('  ');
}

/** All that is known of one request, for people. */
export function detailsAsText({ entry, request, events, cause }: LogDetails): string {
  const { method, path, query, status, scimType, detail, client, leftOut } = entry;
  const lines = [
    `${method} ${path}${query === null ? '' : `?${query}`}`,
    `at ${entry.at}, took ${entry.durationMs} ms, heard by the log at ${entry.receivedAt}`,
    `key ${entry.keyId ?? 'none'}, request id ${entry.correlationId}`,
    ...(client.address === null
      ? []
      : [`from ${client.address}${client.userAgent === null ? '' : `, ${client.userAgent}`}`]),
    ...(entry.count > 1 ? [`stands for ${entry.count} requests like it; this was the last`] : []),
    ...(entry.target === null ? [] : [`about ${entry.resourceType ?? 'resource'} ${entry.target}`]),
    '',
    `Answer: ${status}${scimType === null ? '' : ` ${scimType}`}${detail === null ? '' : `, ${detail}`}`,
    ...(leftOut.length === 0 ? [] : [`Left out, since this directory has no such member: ${leftOut.join(', ')}`]),
    ...(cause === null
      ? []
      : ['', cause.title, `  ${cause.explanation}`, `  In Entra: ${cause.inEntra}`, `  Here: ${cause.inRoster}`]),
    '',
    ...(events.length === 0
      ? ['It changed nothing.']
      : ['It changed:', ...events.map((event) => `  ${event.sequence}  ${event.type}  ${event.subject}`)]),
    ...(request === null ? [] : ['', 'Request, without what is secret:', pretty(request)]),
  ];
  return lines.join('\n');
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json; // cut off where it was too long
  }
}
