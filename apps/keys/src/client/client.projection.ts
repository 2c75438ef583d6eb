import type { ClientState, ClientSummary, Federation, KeyScope, LastUse } from '#libs/contracts';
import type { ClientSecret, RegisteredClient } from './client.decider.js';
import { isLive } from './client.rules.js';

/** One row per client, for lists, for tokens and for `keys.state`. */
export interface ClientRow {
  id: string;
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  tokenLifeS: number;
  secrets: ClientSecret[];
  federation: Federation | null;
  /** Which key set its assertions are checked with. */
  keySet: string | null;
  createdAt: string;
  revokedAt: string | null;
  version: number;
}

export function clientRow(id: string, client: RegisteredClient, keySet: string | null, version: number): ClientRow {
  const { directory, name, scopes, tokenLifeS, secrets, federation, createdAt, revokedAt } = client;
  return { id, directory, name, scopes, tokenLifeS, secrets, federation, keySet, createdAt, revokedAt, version };
}

/** What gateways need to know. */
export function clientStateOf(row: ClientRow): ClientState {
  const { id, directory, scopes, revokedAt, secrets, federation, keySet, version } = row;
  return {
    kind: 'client',
    id,
    directory,
    scopes,
    status: revokedAt === null ? 'live' : 'revoked',
    secrets: secrets.map((one) => ({
      id: one.id,
      sha256: one.sha256,
      expiresAt: one.expiresAt,
      isRevoked: one.revokedAt !== null,
    })),
    federation: federation === null || keySet === null ? null : { ...federation, keySet },
    version,
  };
}

/** What people see at this time: no hash. */
export function clientSummaryOf(row: ClientRow, now: Date, lastUsed: LastUse | null = null): ClientSummary {
  const { id, directory, name, scopes, tokenLifeS, createdAt, revokedAt, federation } = row;
  const at = now.toISOString();
  const secrets = row.secrets.map((secret) => ({
    id: secret.id,
    createdAt: secret.createdAt,
    expiresAt: secret.expiresAt,
    status:
      secret.revokedAt !== null ? ('revoked' as const) : isLive(secret, at) ? ('live' as const) : ('expired' as const),
  }));
  const status = revokedAt === null ? ('live' as const) : ('revoked' as const);
  return { id, directory, name, scopes, status, tokenLifeS, createdAt, revokedAt, secrets, federation, lastUsed };
}
