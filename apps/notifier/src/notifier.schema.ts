import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, migrate } from '#libs/postgres';
import { notifierMigrations } from './notifier.migrations.js';

export const NOTIFIER_SCHEMA = 'notifier';

/** Brings the tables of this service up to date before anything reads them, and lets go of the database last. */
@Injectable()
export class NotifierSchema implements OnModuleInit, OnApplicationShutdown {
  private migrated: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly database: Database,
  ) {}

  onModuleInit(): Promise<void> {
    return this.ready();
  }

  /** Resolves when the tables are as this version wants them. */
  ready(): Promise<void> {
    this.migrated ??= migrate({ url: this.url, schema: NOTIFIER_SCHEMA, migrations: notifierMigrations });
    return this.migrated;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
