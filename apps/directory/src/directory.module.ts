import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Database, migrate, openDatabase } from '#libs/postgres';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { AskDirectoryHandler } from './directory.queries.js';
import { Engine } from './engine/engine.js';
import { FailPoints } from './engine/fail-points.js';
import { forgetOffsets } from './engine/owners.js';
import { Publisher } from './engine/publisher.js';
import { Lifecycle } from './lifecycle.js';
import { Rebuilds } from './rebuild/rebuilds.js';
import { SchemaStates } from './schema/schema-states.js';
import { QueryDoor } from './query.door.js';
import { PLANNING } from './store/planning.js';
import { DirectoryReadiness } from './readiness.js';
import { directoryMigrations } from './store/migrations.js';

const SCHEMA = 'directory';

export interface DirectorySettings {
  databaseUrl: string;
  partitions: number;
  /** Failures on order, for tests: see engine/fail-points.ts. */
  failPoints?: string;
}

/** The directory service without a transport: that comes from whoever runs it. */
@Module({})
export class DirectoryModule {
  /** Brings the tables of this service up to date; the service does the same at its start. */
  static migrate(databaseUrl: string): Promise<void> {
    return migrate({ url: databaseUrl, schema: SCHEMA, migrations: directoryMigrations });
  }

  /** Partitions of the topic of commands that end before what was read of them are new ones, and read from their start. Gives how many. */
  static async beginNewLog(databaseUrl: string, ends: readonly { partition: number; end: number }[]): Promise<number> {
    const database = openDatabase({ url: databaseUrl, schema: SCHEMA, poolMax: 1 });
    try {
      return await forgetOffsets(database, ends);
    } finally {
      await database.close();
    }
  }

  static forRoot(settings: DirectorySettings): DynamicModule {
    return {
      module: DirectoryModule,
      imports: [CqrsModule],
      providers: [
        {
          provide: Database,
          useFactory: () => openDatabase({ url: settings.databaseUrl, schema: SCHEMA, settings: PLANNING }),
        },
        { provide: Clock, useClass: SystemClock },
        { provide: Readiness, useClass: DirectoryReadiness },
        {
          provide: Lifecycle,
          useFactory: (
            database: Database,
            engine: Engine,
            door: QueryDoor,
            schemas: SchemaStates,
            rebuilds: Rebuilds,
          ) => new Lifecycle({ ...settings, schema: SCHEMA }, database, engine, door, schemas, rebuilds),
          inject: [Database, Engine, QueryDoor, SchemaStates, Rebuilds],
        },
        { provide: FailPoints, useFactory: () => new FailPoints(settings.failPoints) },
        Engine,
        Publisher,
        Rebuilds,
        QueryDoor,
        SchemaStates,
        AskDirectoryHandler,
      ],
      exports: [Readiness],
    };
  }
}
