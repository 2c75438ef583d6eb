import type { KeyScope, RotationGrace } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';

export const DAY_MS = 24 * 60 * 60 * 1000;
const LIFE_DAYS_DEFAULT = 365;
const LIFE_DAYS_MAX = 730;
const NAME_LENGTH_MAX = 200;
const ID = /^[a-z0-9]{10}$/;

const GRACE_MS: Record<RotationGrace, number> = { now: 0, '1h': DAY_MS / 24, '24h': DAY_MS, '7d': 7 * DAY_MS };

/** What a credential is called, trimmed; throws a Refusal when it is nothing that people could read in a list. */
export function nameOf(what: string, name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH_MAX || /[\p{Cc}\p{Cs}]/u.test(trimmed)) {
    throw new Refusal('invalid', `A ${what}'s name is one line of 1 to ${NAME_LENGTH_MAX} characters.`);
  }
  return trimmed;
}

/** What was asked for a new key, put right; throws a Refusal for what no key can have. */
export function given({ id, name, scopes }: { id: string; name: string; scopes: readonly KeyScope[] }): {
  name: string;
  scopes: KeyScope[];
} {
  if (!ID.test(id)) throw new Refusal('invalid', 'A key id is ten characters, a to z and 0 to 9.');
  const trimmed = nameOf('key', name);
  if (scopes.length === 0) throw new Refusal('invalid', 'A key needs at least one scope.');
  return { name: trimmed, scopes: [...new Set(scopes)] };
}

/** When a key ends that is issued now. null: never, which must have been asked for. */
export function endOf({ expiresInDays = LIFE_DAYS_DEFAULT, at }: { expiresInDays?: number | null; at: string }) {
  if (expiresInDays === null) return null;
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > LIFE_DAYS_MAX) {
    throw new Refusal('invalid', `A key lives 1 to ${LIFE_DAYS_MAX} days, or for ever when that is asked for.`);
  }
  return new Date(Date.parse(at) + expiresInDays * DAY_MS).toISOString();
}

/** When a key ends that is rotated now: after the grace, and never later than it would have. */
export function endOfGrace(expiresAt: string | null, grace: RotationGrace, at: string): string {
  const end = Date.parse(at) + GRACE_MS[grace];
  return new Date(expiresAt === null ? end : Math.min(end, Date.parse(expiresAt))).toISOString();
}

/** The life that a key was given, in whole days; null: it never ends. */
export function lifeDays({ createdAt, expiresAt }: { createdAt: string; expiresAt: string | null }): number | null {
  if (expiresAt === null) return null;
  return Math.max(1, Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / DAY_MS));
}
