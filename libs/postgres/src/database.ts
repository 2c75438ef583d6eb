import pg from 'pg';
import { counted } from './postgres.metrics.js';

export type Row = Record<string, unknown>;

/** Where statements can be run: the pool, or one transaction of it. */
export interface Statements {
  /**
   * Runs a statement that is prepared once a connection under `name`. A name stands for one text, always.
   * Values are parameters; rows come back as `pg` reads them, with bigint as number (all of ours are below 2^53).
   */
  query<R extends Row>(name: string, text: string, values?: readonly unknown[]): Promise<R[]>;
}

export type Transaction = Statements;

// Positions, sequences and offsets are counters that never come near 2^53; text would spread conversions everywhere.
const BIGINT_OID = 20;
const types = new pg.TypeOverrides();
types.setTypeParser(BIGINT_OID, Number);

const CONNECT_MS_MAX = 10_000;

/** One connection. Statements and transactions on it go one after another. */
export class Session implements Statements {
  /** Set when a transaction left the connection in a state that nobody knows. */
  broken: Error | undefined;

  constructor(private readonly client: pg.PoolClient) {}

  async query<R extends Row>(name: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.client.query<R>({ name, text, values: [...values] });
    return rows;
  }

  /** Committed when `work` resolves, undone when it throws. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      await this.client.query('begin');
      const result = await work(this);
      await this.client.query('commit');
      return result;
    } catch (error) {
      await this.client.query('rollback').catch((cause: unknown) => {
        this.broken = new Error('the connection was lost in a transaction', { cause });
      });
      throw error;
    }
  }
}

/** One pool with one role, looking at one schema. */
export class Database implements Statements {
  private readonly uncount: () => void;

  constructor(private readonly pool: pg.Pool) {
    this.uncount = counted(pool);
    // An idle connection that breaks is replaced by the pool at the next use; without a listener it would end the process.
    pool.on('error', () => undefined);
  }

  async query<R extends Row>(name: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.pool.query<R>({ name, text, values: [...values] });
    return rows;
  }

  /** Runs `work` in one transaction: committed when it resolves, undone when it throws. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const session = new Session(client);
    try {
      return await session.transaction(work);
    } finally {
      client.release(session.broken);
    }
  }

  /** Runs `work` on one connection, which ends with it: for what belongs to a connection, as settings and advisory locks do. */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    // A connection that breaks between two statements says so with the next one; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      return await work(new Session(client));
    } finally {
      client.release(true);
    }
  }

  async close(): Promise<void> {
    this.uncount();
    await this.pool.end();
  }

  /** Was this error thrown because a unique index (or this one) already holds the value? */
  static isUniqueViolation(error: unknown, constraint?: string): boolean {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return false;
    return constraint === undefined || error.constraint === constraint;
  }

  /** Was this error the server's own verdict on the statement, so that it certainly did not take effect? */
  static isVerdict(error: unknown): error is pg.DatabaseError {
    // Class 57 (shutdown, crash) and 08 (connection) leave open whether a commit went through.
    return error instanceof pg.DatabaseError && !/^(57|08)/.test(error.code ?? '57');
  }
}

/**
 * Opens a pool for one service: its own role (in the URL) and its own schema. Connects at the first use. `settings` are the
 * server's, for these connections only.
 */
export function openDatabase(options: {
  url: string;
  schema: string;
  poolMax?: number;
  settings?: Readonly<Record<string, string>>;
}): Database {
  const settings = Object.entries({ search_path: options.schema, ...options.settings });
  return new Database(
    new pg.Pool({
      connectionString: options.url,
      max: options.poolMax ?? 8,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      keepAlive: true,
      types,
      options: settings.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    }),
  );
}
