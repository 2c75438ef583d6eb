import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { keyState, topics } from '#libs/contracts';
import { StateTable } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { sentence } from '#libs/service';
import { stateOf } from './key.projection.js';
import { keyVersions, lockKeys } from './key.queries.js';

const TOPIC = topics.keysState.name;
const BATCH_MAX = 500;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 5_000;

/** Keeps `keys.state`, from which gateways know the keys in force, the same as the table `key`. */
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
    const known = await keyVersions(this.database);
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

  /** Resolves when the gateways' table has this key as it stands; asks again, with growing pauses, until it has. */
  async publish(id: string): Promise<void> {
    for (let pauseMs = PAUSE_MS_FIRST; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      try {
        await this.put([id]);
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

  problems(): string[] {
    return this.failure === undefined ? [] : [this.failure];
  }

  /** Under the rows' locks, so that no older version can be put after a newer one, whoever else is publishing. */
  private async put(ids: readonly string[]): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const rows = await lockKeys(transaction, ids);
      await this.table.put(
        TOPIC,
        rows.map((row) => ({ key: row.id, value: JSON.stringify(stateOf(row)) })),
      );
    });
  }
}

/** The version of each key that is published; of what cannot be read, none. */
function versions(snapshot: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...snapshot].map(([id, value]) => [id, keyState.safeParse(parsed(value)).data?.version ?? 0]));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
