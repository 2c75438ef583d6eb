import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { type KeyScope, keyState, type KeyState, topics } from '#libs/contracts';
import { StateTable, type Subscription } from '#libs/messaging';
import { Clock } from '#libs/service';
import { keysKnown, keyTableAge } from './gateway.metrics.js';
import { keyIdOf } from './token.js';

const STALE_MS = 30_000;

/** Who is calling, as the key says it. */
export interface Caller {
  keyId: string;
  directory: string;
  scopes: readonly KeyScope[];
}

/** Why a token is not taken, in words for the administrator who pasted it. */
export interface Rejected {
  reason: string;
}

/** Every key in force, in memory, from `keys.state`: checking a token asks nobody. */
@Injectable()
export class KnownKeys {
  private readonly log = new Logger(KnownKeys.name);
  private readonly keys = new Map<string, KeyState>();
  private following: (Subscription & { lastHeardAt(): number }) | undefined;
  private isRead = false;

  constructor(
    private readonly table: StateTable,
    private readonly clock: Clock,
  ) {}

  async start(): Promise<void> {
    keyTableAge.read(() => [[{}, this.ageMs() / 1_000]]);
    keysKnown.read(() => [[{}, this.keys.size]]);
    const following = await this.table.follow(topics.keysState.name, (key, value) => this.apply(key, value));
    this.following = following;
    await following.ready;
    this.isRead = true;
  }

  async stop(): Promise<void> {
    await this.following?.close();
  }

  /** Can this table be vouched for: read to its end, and heard from within 30 s? */
  isFresh(): boolean {
    return this.ageMs() <= STALE_MS;
  }

  /** How long ago the log was heard from; without end before the table has been read. */
  private ageMs(): number {
    if (!this.isRead || this.following === undefined) return Infinity;
    return this.clock.now().getTime() - this.following.lastHeardAt();
  }

  /** Who calls with this token, or why nobody does. */
  check(token: string): Caller | Rejected {
    const id = keyIdOf(token);
    if (id === undefined) return { reason: 'This is not a Roster key: copy the whole secret token.' };
    const key = this.keys.get(id);
    if (key === undefined || !isSecretOf(key, token)) return { reason: 'No such key.' };
    if (key.status !== 'live') return { reason: 'This key has been revoked.' };
    if (key.expiresAt !== null && new Date(key.expiresAt) <= this.clock.now())
      return { reason: 'This key has expired.' };
    return { keyId: key.id, directory: key.directory, scopes: key.scopes };
  }

  private apply(key: string, value: string | null): void {
    if (value === null) {
      this.keys.delete(key);
      return;
    }
    try {
      const state = keyState.parse(JSON.parse(value));
      const known = this.keys.get(key);
      // A repeat of an older state must not bring a revoked key back.
      if (known === undefined || known.version <= state.version) this.keys.set(key, state);
    } catch (error) {
      this.keys.delete(key);
      this.log.error(`the state of key ${key} cannot be read, so the key is not taken: ${String(error)}`);
    }
  }
}

function isSecretOf(key: KeyState, token: string): boolean {
  const given = createHash('sha256').update(token).digest();
  const kept = Buffer.from(key.secretSha256, 'hex');
  return kept.length === given.length && timingSafeEqual(kept, given);
}
