import { Refusal } from '#libs/event-sourcing';
import { DAY_MS } from '../key/key.rules.js';

export interface NewSecret {
  id: string;
  sha256: string;
  /** null means never. */
  expiresInDays: number | null;
}

const LIVE_SECRETS_MAX = 5;
const LIFE_DAYS_MAX = 1_095;
const SECRET_ID = /^[a-z0-9]{10}$/;

interface Secret {
  id: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

/** Is this secret taken at this time? */
export function isLive({ expiresAt, revokedAt }: Omit<Secret, 'id'>, at: string): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.parse(at));
}

/** Several secrets live together so that one can be exchanged without a gap; throws a Refusal when there are enough. */
export function mustHaveRoom(secrets: readonly Secret[], at: string): void {
  const live = secrets.filter((secret) => isLive(secret, at));
  if (live.length < LIVE_SECRETS_MAX) return;
  const ids = live.map(({ id }) => id).join(', ');
  throw new Refusal(
    'conflict',
    `This client has ${LIVE_SECRETS_MAX} live secrets, as many as it may: ${ids}. Revoke one first.`,
  );
}

/** When a secret ends that is made now; Entra wants one to three years. */
export function secretEnd(expiresInDays: number | null, at: string): string | null {
  if (expiresInDays === null) return null;
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > LIFE_DAYS_MAX) {
    throw new Refusal('invalid', `A secret lives 1 to ${LIFE_DAYS_MAX} days, or for ever when that is asked for.`);
  }
  return new Date(Date.parse(at) + expiresInDays * DAY_MS).toISOString();
}

/** A secret's public id, as a key's. */
export function mustBeSecretId(id: string): void {
  if (!SECRET_ID.test(id)) throw new Refusal('invalid', 'A secret’s id is ten characters, a to z and 0 to 9.');
}
