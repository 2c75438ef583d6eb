import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { StateTable } from '#libs/messaging';
import { Clock } from '#libs/service';
import { type Found, KnownKeys } from './known-keys.js';

const SILENCE_MS_MAX = 30_000;
const FIRST_READ_MS_MAX = 5_000;

type Following = Awaited<ReturnType<StateTable['follow']>>;

/** This gateway's copy of `keys.state`, and whether it can be trusted now. */
@Injectable()
export class KeyTable implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('KeyTable');
  private readonly keys = new KnownKeys();
  private following: Following | undefined;
  private isRead = false;

  constructor(
    private readonly table: StateTable,
    private readonly clock: Clock,
  ) {}

  /** Follows the table, and gives it a moment to be read, so that the first requests need not be sent away. */
  async onApplicationBootstrap(): Promise<void> {
    this.following = await this.table.follow(topics.keysState.name, (id, value) => this.apply(id, value));
    const read = this.following.ready.then(
      () => (this.isRead = true),
      (error: unknown) => this.logger.error(error),
    );
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([read, new Promise((resolve) => (timer = setTimeout(resolve, FIRST_READ_MS_MAX)))]);
    clearTimeout(timer);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.following?.close();
  }

  /** Finds the key that this secret proves; ask `problems` first. */
  find(secret: string): Found {
    return this.keys.find(secret, this.clock.now());
  }

  /** Why the keys may be out of date, a revocation missed or a new key not yet known; empty when they are not. */
  problems(): string[] {
    if (this.following === undefined || !this.isRead) return ['the keys have not been read yet'];
    const silenceMs = this.clock.now().getTime() - this.following.lastHeardAt();
    if (silenceMs <= SILENCE_MS_MAX) return [];
    return [`nothing was heard of the keys for ${Math.round(silenceMs / 1000)} s`];
  }

  private apply(id: string, value: string | null): void {
    try {
      this.keys.apply(id, value);
    } catch (error) {
      this.logger.error(`the state of key ${id} cannot be read, so it is closed: ${String(error)}`);
    }
  }
}
