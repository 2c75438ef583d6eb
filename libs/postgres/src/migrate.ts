import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import pg from 'pg';

/** One step of a schema: SQL that is run once. `timestamp` (milliseconds since 1970) gives the order. */
export interface Migration {
  name: string;
  timestamp: number;
  up: string;
}

/**
 * Runs the migrations that this schema has not seen yet, in order, each in a transaction.
 * Any number of instances may call it at once: they take turns.
 */
export async function migrate(options: {
  url: string;
  schema: string;
  migrations: readonly Migration[];
}): Promise<void> {
  const turn = new pg.Client({ connectionString: options.url });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock(hashtext($1))', [`roster migrate ${options.schema}`]);
    await run(options);
  } finally {
    await turn.end();
  }
}

async function run({ url, schema, migrations }: Parameters<typeof migrate>[0]): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    extra: { options: `-c search_path=${schema}` },
    migrations: migrations.map(asTypeormMigration),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    logging: false,
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/** typeorm takes a class whose name ends in its timestamp. */
function asTypeormMigration({ name, timestamp, up }: Migration): new () => MigrationInterface {
  const migration = class implements MigrationInterface {
    name = `${name}${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    down(): Promise<void> {
      return Promise.reject(new Error(`${name}${timestamp} cannot be undone: restore a backup instead`));
    }
  };
  Object.defineProperty(migration, 'name', { value: `${name}${timestamp}` });
  return migration;
}
