import type { Activity, Envelope } from '#libs/contracts';

/** A request that failed in a way somebody should hear of. Texts are one line, short, and hold no secret. */
export interface Failure {
  id: string;
  directory: string;
  at: string;
  method: string;
  path: string;
  target: string | null;
  status: number;
  scimType: string | null;
  detail: string | null;
}

const TEXT_LENGTH_MAX = 300;
const ASKS_WHETHER_IT_IS_THERE = new Set(['GET', 'HEAD', 'DELETE']);

/** What people should be told of a request; null for what went well, is nobody's, or is how a source looks around. */
export function failureOf({ id, directory, time, data }: Envelope<Activity>): Failure | null {
  if (directory === null || data.status < 400) return null;
  if (data.status === 404 && ASKS_WHETHER_IT_IS_THERE.has(data.method)) return null;
  return {
    id,
    directory,
    at: time,
    method: plain(data.method),
    path: plain(data.path),
    target: plainOrNull(data.target),
    status: data.status,
    scimType: plainOrNull(data.scimType),
    detail: plainOrNull(data.detail),
  };
}

function plainOrNull(text: string | null): string | null {
  return text === null ? null : plain(text);
}

/** The gateway leaves secrets out already; a path or a detail that quotes one must still not end in a mail. */
function plain(text: string): string {
  const line = text
    .replace(/\brk_[a-z0-9]{10}_[0-9A-Za-z]+/g, 'rk_…')
    .replace(/\bBearer\s+\S+/gi, 'Bearer …')
    .replace(/\p{C}+/gu, ' ')
    .trim();
  return line.length <= TEXT_LENGTH_MAX ? line : `${line.slice(0, TEXT_LENGTH_MAX - 1).toWellFormed()}…`;
}
