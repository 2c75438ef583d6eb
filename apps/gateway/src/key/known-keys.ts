import { hash, timingSafeEqual } from 'node:crypto';
import { keyState, type KeyScope, type KeyState } from '#libs/contracts';
import { keyIdOf } from './secret.js';

/** Why a secret opens nothing. */
export type KeyProblem = 'malformed' | 'unknown' | 'revoked' | 'expired';

/** A key that was proved by its secret: whose requests these are, and what they may do. */
export interface KnownKey {
  id: string;
  directory: string;
  scopes: readonly KeyScope[];
}

/** `key` is there also with a problem, if the secret was right but the key is in force no more. */
export interface Found {
  key: KnownKey | null;
  problem?: KeyProblem;
}

interface Entry {
  key: KnownKey;
  sha256: Buffer;
  isRevoked: boolean;
  expiresAtMs: number;
  version: number;
}

/** The keys in force, by id, as `keys.state` tells them. */
export class KnownKeys {
  private readonly entries = new Map<string, Entry>();

  /** Takes one entry of `keys.state`. One that cannot be read closes its key, and throws. */
  apply(id: string, value: string | null): void {
    if (value === null) {
      this.entries.delete(id);
      return;
    }
    try {
      const entry = entryOf(keyState.parse(JSON.parse(value)));
      // Two writers may race after a take-over: an older state must not bring a revoked key back.
      if (entry.version >= (this.entries.get(id)?.version ?? 0)) this.entries.set(id, entry);
    } catch (error) {
      this.entries.delete(id);
      throw error;
    }
  }

  /** Finds the key that this secret proves. */
  find(secret: string, now: Date): Found {
    const id = keyIdOf(secret);
    if (id === undefined) return { key: null, problem: 'malformed' };
    const entry = this.entries.get(id);
    if (entry === undefined || !isSame(entry.sha256, hash('sha256', secret, 'buffer'))) {
      return { key: null, problem: 'unknown' };
    }
    if (entry.isRevoked) return { key: entry.key, problem: 'revoked' };
    if (entry.expiresAtMs <= now.getTime()) return { key: entry.key, problem: 'expired' };
    return { key: entry.key };
  }
}

function entryOf({ id, directory, scopes, secretSha256, expiresAt, status, version }: KeyState): Entry {
  const expiresAtMs = expiresAt === null ? Infinity : Date.parse(expiresAt);
  if (Number.isNaN(expiresAtMs)) throw new Error(`key ${id}: expiresAt is no time`);
  return {
    key: { id, directory, scopes },
    sha256: Buffer.from(secretSha256, 'hex'),
    isRevoked: status === 'revoked',
    expiresAtMs,
    version,
  };
}

function isSame(known: Buffer, given: Buffer): boolean {
  return known.length === given.length && timingSafeEqual(known, given);
}
