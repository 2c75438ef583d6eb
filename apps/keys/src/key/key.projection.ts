import type { KeyScope, KeyState, KeySummary } from '#libs/contracts';
import type { IssuedKey } from './key.decider.js';

/** One row per key, for lists and for `keys.state`. Times are ISO 8601 in UTC. */
export interface KeyRow {
  id: string;
  directory: string;
  name: string;
  scopes: KeyScope[];
  secretSha256: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  version: number;
}

/** The row of a key after its event number `version`. */
export function keyRow(id: string, key: IssuedKey, version: number): KeyRow {
  const { directory, name, scopes, secretSha256, createdAt, expiresAt, revokedAt } = key;
  return { id, directory, name, scopes, secretSha256, createdAt, expiresAt, revokedAt, version };
}

/** What gateways need to know. Expiry is not a state: they hold the clock to `expiresAt` themselves. */
export function stateOf({ id, directory, secretSha256, scopes, expiresAt, revokedAt, version }: KeyRow): KeyState {
  const status = revokedAt === null ? 'live' : 'revoked';
  return { id, directory, secretSha256, scopes, expiresAt, status, version };
}

/** What people see at this time: no secret and no hash. */
export function summaryOf(row: KeyRow, now: Date): KeySummary {
  const { id, directory, name, scopes, createdAt, expiresAt, revokedAt } = row;
  return { id, directory, name, scopes, status: statusOf(row, now), createdAt, expiresAt, revokedAt };
}

function statusOf({ revokedAt, expiresAt }: KeyRow, now: Date): KeySummary['status'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'live';
}
