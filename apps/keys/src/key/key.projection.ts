import type { KeyScope, KeyState, KeySummary, LastUse } from '#libs/contracts';
import type { IssuedKey } from './key.decider.js';

/** One row per key, for lists and for `keys.state`. Times are ISO 8601 in UTC. */
export interface KeyRow {
  id: string;
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  secretSha256: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  disabledAt: string | null;
  rotatedAt: string | null;
  successor: string | null;
  predecessor: string | null;
  requestsPerSecond: number | null;
  version: number;
}

/** The row of a key after its event number `version`. */
export function keyRow(id: string, key: IssuedKey, version: number): KeyRow {
  const { directory, name, scopes, secretSha256, createdAt, expiresAt, requestsPerSecond } = key;
  const { revokedAt, disabledAt, rotatedAt, successor, predecessor } = key;
  const ends = { expiresAt, revokedAt, disabledAt, rotatedAt, successor, predecessor };
  return { id, directory, name, scopes, secretSha256, createdAt, ...ends, requestsPerSecond, version };
}

/** What gateways need to know. Expiry is not a state: they hold the clock to `expiresAt` themselves. */
export function stateOf(row: KeyRow): KeyState {
  const { id, directory, secretSha256, scopes, expiresAt, revokedAt, disabledAt, requestsPerSecond, version } = row;
  const status = revokedAt !== null ? 'revoked' : disabledAt !== null ? 'disabled' : 'live';
  return { id, directory, secretSha256, scopes, expiresAt, status, requestsPerSecond, version };
}

/** What people see at this time: no secret and no hash. */
export function summaryOf(row: KeyRow, now: Date, lastUsed: LastUse | null = null): KeySummary {
  const { id, directory, name, scopes, createdAt, expiresAt, revokedAt, disabledAt } = row;
  const { successor, predecessor, requestsPerSecond } = row;
  const ends = { expiresAt, revokedAt, disabledAt, successor, predecessor };
  return { id, directory, name, scopes, status: statusOf(row, now), createdAt, ...ends, requestsPerSecond, lastUsed };
}

function statusOf({ revokedAt, expiresAt, disabledAt }: KeyRow, now: Date): KeySummary['status'] {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) return 'expired';
  return disabledAt === null ? 'live' : 'disabled';
}
