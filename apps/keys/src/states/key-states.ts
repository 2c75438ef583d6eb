import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { topics } from '#libs/contracts';
import { StateTable } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { sentence } from '#libs/service';
import { deleteSigningKeys } from '../token/signing-key.queries.js';
import { sourceOf, sources } from './sources.js';

const TOPIC = topics.keysState.name;
const BATCH_MAX = 500;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 5_000;

/** Keeps `keys.state`, from which gateways know keys and clients in force, the same as the tables. */
@Injectable()
export class KeyStates implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(KeyStates.name);
  private readonly ending = new AbortController();
  private failure: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly table: StateTable,
  ) {}

  /** Mends what a crash between commit and publication left behind; fills a table that does not outlive the process. */
  async onApplicationBootstrap(): Promise<void> {
    const published = versions(await this.table.snapshot(TOPIC));
    const known = (await Promise.all(sources.map((source) => source.versions(this.database)))).flat();
    const stale = known.filter(({ id, version }) => (published.get(id) ?? 0) < version).map(({ id }) => id);
    for (let from = 0; from < stale.length; from += BATCH_MAX) await this.put(stale.slice(from, from + BATCH_MAX));
    const strangers = published.size - known.filter(({ id }) => published.has(id)).length;
    if (strangers > 0) {
      this.log.warn(`${TOPIC} holds ${strangers} keys that this database does not know; was an old backup restored?`);
    }
  }

  // Before the doors close: they wait for their handlers, which must not wait for a broker that may never come back.
  onModuleDestroy(): void {
    this.ending.abort();
  }

  /** Resolves when the gateways' table has these as they stand; asks again, with growing pauses, until it has. */
  async publish(ids: readonly string[]): Promise<void> {
    for (let pauseMs = PAUSE_MS_FIRST; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      try {
        await this.put(ids);
        this.failure = undefined;
        return;
      } catch (error) {
        this.failure = `keys.state cannot be written: ${sentence(error)}`;
        this.log.warn(`${this.failure}; trying again`);
        if (this.ending.signal.aborted) throw error;
        await pause(pauseMs, undefined, { signal: this.ending.signal });
      }
    }
  }

  /** Takes signing keys out of the table of which no token is left. */
  async forgetSigningKeys(now: Date): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const ids = await deleteSigningKeys(transaction, now);
      if (ids.length === 0) return;
      await this.table.put(
        TOPIC,
        ids.map((key) => ({ key, value: null })),
      );
    });
  }

  problems(): string[] {
    return this.failure === undefined ? [] : [this.failure];
  }

  /** Under the rows' locks, so that no older version can be put after a newer one, whoever else is publishing. */
  private async put(ids: readonly string[]): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const entries: { key: string; value: string }[] = [];
      for (const source of sources) {
        const own = ids.filter((id) => sourceOf(id) === source);
        if (own.length === 0) continue;
        const states = await source.lock(transaction, own);
        entries.push(...states.map((state) => ({ key: state.id, value: JSON.stringify(state) })));
      }
      await this.table.put(TOPIC, entries);
    });
  }
}

const versioned = z.object({ version: z.number().int() });

/** The version of each entry that is published; of what cannot be read, none. */
function versions(snapshot: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...snapshot].map(([id, value]) => [id, versioned.safeParse(parsed(value)).data?.version ?? 0]));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
