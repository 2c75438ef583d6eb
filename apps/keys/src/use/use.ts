import { type Activity, type Envelope, TOKEN_PATH } from '#libs/contracts';

/** That a key was used: when, from where, and by what. */
export interface Use {
  id: string;
  at: string;
  address: string | null;
  userAgent: string | null;
}

const MINUTE_MS = 60_000;
const TEXT_LENGTH_MAX = 200;
const REFUSED = 401;

/** The last use of each key that these requests tell of; a key that was refused was not used, nor a client that got no token. */
export function usesIn(heard: readonly Envelope<Activity>[]): Use[] {
  const last = new Map<string, Use>();
  for (const { time, data } of heard) {
    const { keyId, status, client, path } = data;
    if (keyId === null || status === REFUSED || path === TOKEN_PATH) continue;
    if (Date.parse(last.get(keyId)?.at ?? '') > Date.parse(time)) continue;
    last.set(keyId, { id: keyId, at: time, address: short(client?.address), userAgent: short(client?.userAgent) });
  }
  return [...last.values()];
}

/** Which of these uses come a minute or more after the one that was kept last. `kept`: key id → when, ISO 8601. */
export function worthKeeping(uses: readonly Use[], kept: ReadonlyMap<string, string>): Use[] {
  return uses.filter(({ id, at }) => {
    const before = kept.get(id);
    return before === undefined || Date.parse(at) - Date.parse(before) >= MINUTE_MS;
  });
}

function short(text: string | null | undefined): string | null {
  return text === null || text === undefined
    ? null
    : text
        .replace(/\p{C}+/gu, ' ')
        .slice(0, TEXT_LENGTH_MAX)
        .toWellFormed();
}
