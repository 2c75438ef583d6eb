import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, EVENT_STORE_SQL, migrate, type Migration } from '#libs/postgres';

export const KEYS_SCHEMA = 'keys';

/** The schema of this service, in the order in which it grew. A migration that has shipped is never changed. */
export const keysMigrations: readonly Migration[] = [
  {
    name: 'Keys',
    timestamp: 1764000000001,
    up: `
      ${EVENT_STORE_SQL}
      create table key (
        id text primary key,
        directory uuid not null,
        name text not null,
        scopes text[] not null,
        secret_sha256 text not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        version int not null
      );
      create index key_directory on key (directory, created_at desc);
      create table command_result (
        command_id uuid primary key,
        reply jsonb not null,
        at timestamptz not null
      );
      create index command_result_at on command_result (at);
    `,
  },
];

/** Brings the tables of this service up to date before anything reads them, and lets go of the database last. */
@Injectable()
export class KeysSchema implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly url: string,
    private readonly database: Database,
  ) {}

  async onModuleInit(): Promise<void> {
    await migrate({ url: this.url, schema: KEYS_SCHEMA, migrations: keysMigrations });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
