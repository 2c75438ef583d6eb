import { Injectable, Logger } from '@nestjs/common';
import { directoryState, topics } from '#libs/contracts';
import { StateTable } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { lockSchemas, schemaVersions } from './schema.queries.js';

const TOPIC = topics.directoryState.name;
const BATCH_MAX = 500;
const TELL_MS_MAX = 1_000;
const PAUSE_MS = { first: 100, max: 5_000 };

/** Keeps `directory.state`, from which gateways know what directories have of their own, the same as the table. */
@Injectable()
export class SchemaStates {
  private readonly log = new Logger(SchemaStates.name);
  private mending: Promise<void> | undefined;
  private again: NodeJS.Timeout | undefined;
  private pauseMs = PAUSE_MS.first;
  private isOver = false;

  constructor(
    private readonly database: Database,
    private readonly table: StateTable,
  ) {}

  /**
   * Tells the gateways of schemas that have just been committed. What cannot be told at once is told later: commands of other
   * directories wait behind this.
   */
  async tell(directories: readonly string[]): Promise<void> {
    const { promise: isLate, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), TELL_MS_MAX);
    const told = this.put(directories).catch((error: unknown) => this.later(error));
    await Promise.race([told, isLate]);
    clearTimeout(timer);
  }

  /**
   * Tells what a crash between commit and publication left untold, and fills a table that does not outlive the process.
   * Never rejects: it goes on trying.
   */
  mend(): Promise<void> {
    clearTimeout(this.again);
    this.mending ??= this.compare()
      .then(
        () => void (this.pauseMs = PAUSE_MS.first),
        (error: unknown) => this.later(error),
      )
      .finally(() => (this.mending = undefined));
    return this.mending;
  }

  /** Tries no more; what is under way ends by itself, and whoever owns the partitions next begins with a comparison. */
  stop(): void {
    this.isOver = true;
    clearTimeout(this.again);
  }

  private async compare(): Promise<void> {
    const known = await schemaVersions(this.database);
    if (known.length === 0) return;
    const told = versions(await this.table.snapshot(TOPIC));
    const stale = known.filter(({ id, version }) => told.get(id) !== version).map(({ id }) => id);
    for (let from = 0; from < stale.length; from += BATCH_MAX) await this.put(stale.slice(from, from + BATCH_MAX));
  }

  /** Under the rows' locks, so that no older version can be put after a newer one, whoever else is telling. */
  private async put(directories: readonly string[]): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const states = await lockSchemas(transaction, directories);
      await this.table.put(
        TOPIC,
        states.map((state) => ({ key: state.id, value: JSON.stringify(state) })),
      );
    });
  }

  private later(error: unknown): void {
    if (this.isOver) return;
    this.log.warn(`${TOPIC} cannot be brought up to date, trying again: ${String(error)}`);
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.mend(), this.pauseMs);
    this.again.unref();
    this.pauseMs = Math.min(2 * this.pauseMs, PAUSE_MS.max);
  }
}

/** The version of each schema that has been told; of what cannot be read, none. */
function versions(snapshot: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...snapshot].map(([id, value]) => [id, directoryState.safeParse(parsed(value)).data?.version ?? 0]));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
