import { hash, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { type KeyScope, keyState, type KeyState, readToken, STATE_PREFIX, topics } from '#libs/contracts';
import { StateTable, type Subscription } from '#libs/messaging';
import { Clock } from '#libs/service';
import { keysKnown, keyTableAge } from './gateway.metrics.js';
import { KnownClients } from './oauth/known-clients.js';

const STALE_MS = 30_000;
/** How long the table may lag behind what the key service has answered. */
const LAG_MS_MAX = 300;
const WAITING_MAX = 1_000;

/** What a token stands for. `directory: null` reaches all of them. */
export interface Credential {
  keyId: string;
  directory: string | null;
  scopes: readonly KeyScope[];
  /** A limit of its own, in place of the directory's. */
  requestsPerSecond: number | null;
}

/** Why a token is not taken, in words for the administrator who pasted it; whose it was, when its secret is genuine. */
export interface Rejected {
  reason: string;
  whose?: Pick<Credential, 'keyId' | 'directory'>;
}

type Checked = Credential | Rejected;

interface KnownKey {
  state: KeyState;
  sha256: Buffer;
  expiresAtMs: number;
  credential: Credential;
}

/** Every key in force, in memory, from `keys.state`: checking a token asks nobody. */
@Injectable()
export class KnownKeys {
  private readonly log = new Logger(KnownKeys.name);
  private readonly keys = new Map<string, KnownKey>();
  private readonly awaited = new Map<string, Set<() => void>>();
  private waiting = 0;
  private following: (Subscription & { lastHeardAt(): number }) | undefined;
  private isRead = false;

  constructor(
    private readonly table: StateTable,
    private readonly clock: Clock,
    private readonly clients: KnownClients,
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

  /** What this token stands for, or why for nothing. Only a well-formed one that is not known yet is waited for. */
  check(token: string): Checked | Promise<Checked> {
    const read = readToken(token);
    if (read?.kind !== 'rk') return { reason: 'This is not a Roster key: copy the whole secret token.' };
    const { id } = read;
    const key = this.keys.get(id);
    if (key !== undefined) return this.verdict(key, token);
    if (this.waiting >= WAITING_MAX) return NO_SUCH_KEY;
    // Whoever was given a key this moment may be quicker than the news of it.
    return this.news(id).then(() => {
      const known = this.keys.get(id);
      return known === undefined ? NO_SUCH_KEY : this.verdict(known, token);
    });
  }

  private verdict({ state, sha256, expiresAtMs, credential }: KnownKey, token: string): Checked {
    if (!timingSafeEqual(sha256, hash('sha256', token, 'buffer'))) return NO_SUCH_KEY;
    const { status } = state;
    if (status === 'revoked') return { reason: 'This key has been revoked.', whose: credential };
    if (expiresAtMs <= this.clock.now().getTime()) return { reason: 'This key has expired.', whose: credential };
    if (status === 'disabled') return { reason: 'This key is disabled.', whose: credential };
    return credential;
  }

  /** Resolves when a key that signs tokens is heard of, or would have been. */
  newsOfSigningKey(kid: string): Promise<void> {
    return this.waiting >= WAITING_MAX ? Promise.resolve() : this.news(STATE_PREFIX.signingKey + kid);
  }

  /** Resolves when something is heard of this key, or when it would have been. */
  private news(id: string): Promise<void> {
    this.waiting += 1;
    return new Promise((resolve) => {
      const those = this.awaited.get(id) ?? new Set();
      this.awaited.set(id, those);
      const done = () => {
        clearTimeout(timer);
        this.waiting -= 1;
        those.delete(done);
        if (those.size === 0) this.awaited.delete(id);
        resolve();
      };
      const timer = setTimeout(done, LAG_MS_MAX);
      those.add(done);
    });
  }

  private apply(id: string, value: string | null): void {
    try {
      if (KnownClients.isOne(id)) this.clients.apply(id, value);
      else this.keep(id, value);
    } catch (error) {
      this.keys.delete(id);
      this.log.error(`the state of ${id} cannot be read, so it is not taken: ${String(error)}`);
    }
    for (const heard of [...(this.awaited.get(id) ?? [])]) heard();
  }

  private keep(id: string, value: string | null): void {
    if (value === null) {
      this.keys.delete(id);
      return;
    }
    const state = keyState.parse(JSON.parse(value));
    // A repeat of an older state must not bring a revoked key back.
    if ((this.keys.get(id)?.state.version ?? 0) <= state.version) this.keys.set(id, known(state));
  }
}

const NO_SUCH_KEY: Rejected = { reason: 'No such key.' };
const SHA256_BYTES = 32;

function known(state: KeyState): KnownKey {
  const { id: keyId, directory, scopes, requestsPerSecond = null, expiresAt } = state;
  const sha256 = Buffer.from(state.secretSha256, 'hex');
  if (sha256.length !== SHA256_BYTES) throw new Error('its hash is no SHA-256');
  const expiresAtMs = expiresAt === null ? Infinity : Date.parse(expiresAt);
  if (Number.isNaN(expiresAtMs)) throw new Error('its end is no time');
  return { state, sha256, expiresAtMs, credential: { keyId, directory, scopes, requestsPerSecond } };
}
