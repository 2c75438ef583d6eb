import type { KeyExpiry } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { ClientRow } from '../client/client.projection.js';
import { clientsWithEnds } from '../client/client.queries.js';
import { keysEndingBetween } from '../key/key.queries.js';
import { lastUses } from '../use/use.queries.js';
import { TOLD_DAYS_MAX } from './expiry.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const AHEAD_DAYS_MAX = 90;

/** A credential that ends soon or has just ended. */
export interface Ending extends Omit<KeyExpiry, 'daysLeft'> {
  directory: string | null;
  settledAt: string;
}

/** The ends that people may have to be told of, of keys and of clients' secrets. */
export async function endings(statements: Statements, now: Date): Promise<Ending[]> {
  return [...(await endingKeys(statements, now)), ...(await endingSecrets(statements))];
}

async function endingSecrets(statements: Statements): Promise<Ending[]> {
  const clients = await clientsWithEnds(statements);
  const uses = await lastUses(
    statements,
    clients.map(({ id }) => id),
  );
  return clients.flatMap((client) => secretsOf(client, uses.get(client.id)?.at ?? null));
}

const secretsOf = ({ id: client, directory, name, secrets }: ClientRow, lastUsedAt: string | null): Ending[] =>
  secrets.flatMap(({ id, expiresAt, createdAt: settledAt, revokedAt }) => {
    if (expiresAt === null || revokedAt !== null) return [];
    const credential = 'client-secret';
    return [{ credential, id, directory, name, client, expiresAt, settledAt, successor: null, lastUsedAt }];
  });

/** Of keys in force, and of rotated ones that are used all the same. */
async function endingKeys(statements: Statements, now: Date): Promise<Ending[]> {
  const from = new Date(now.getTime() - TOLD_DAYS_MAX * DAY_MS);
  const until = new Date(now.getTime() + AHEAD_DAYS_MAX * DAY_MS);
  const rows = await keysEndingBetween(statements, from, until);
  const ids = rows.map(({ id }) => id);
  const uses = await lastUses(statements, ids);
  return rows.flatMap(({ id, directory, name, expiresAt, createdAt, disabledAt, rotatedAt, successor }) => {
    const lastUsedAt = uses.get(id)?.at ?? null;
    if (expiresAt === null || disabledAt !== null) return [];
    if (rotatedAt !== null && !isAfter(lastUsedAt, rotatedAt)) return [];
    const settledAt = rotatedAt ?? createdAt;
    return [
      { credential: 'key' as const, id, directory, name, client: null, expiresAt, settledAt, successor, lastUsedAt },
    ];
  });
}

const isAfter = (time: string | null, other: string) => time !== null && Date.parse(time) > Date.parse(other);
