import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Database, migrate } from '#libs/postgres';
import { partitionsSetUp } from './directory.metrics.js';
import { Engine } from './engine/engine.js';
import { fixPartitions } from './engine/owners.js';
import { forgetAnswers } from './engine/results.js';
import type { Rebuilds } from './rebuild/rebuilds.js';
import { SchemaStates } from './schema/schema-states.js';
import { QueryDoor } from './query.door.js';
import { refuseUnknownForms } from './store/forms.js';
import { directoryMigrations } from './store/migrations.js';

const HOUR_MS = 3_600_000;
// A command may be handed over again for as long as its topic keeps it.
const ANSWERS_KEPT_MS = 7 * 24 * HOUR_MS;

/** Start and end, in order: schema, partitions, engine, door; and back. */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: { databaseUrl: string; schema: string; partitions: number },
    private readonly database: Database,
    private readonly engine: Engine,
    private readonly door: QueryDoor,
    private readonly schemas: SchemaStates,
    private readonly rebuilds: Rebuilds,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { databaseUrl, schema, partitions } = this.settings;
    await migrate({ url: databaseUrl, schema, migrations: directoryMigrations });
    await fixPartitions(this.database, partitions);
    await refuseUnknownForms(this.database);
    partitionsSetUp.read(() => [[{}, partitions]]);
    await this.schemas.mend();
    await this.engine.start();
    await this.door.start();
    this.sweeper = setInterval(() => {
      forgetAnswers(this.database, new Date(Date.now() - ANSWERS_KEPT_MS)).catch(() => undefined);
    }, HOUR_MS);
    this.sweeper.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeper);
    await this.door.stop();
    await this.rebuilds.stop();
    await this.engine.stop();
    this.schemas.stop();
    await this.database.close();
  }
}
