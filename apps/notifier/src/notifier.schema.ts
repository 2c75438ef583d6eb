import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, migrate, type Migration } from '#libs/postgres';

export const NOTIFIER_SCHEMA = 'notifier';

/** The schema of this service, in the order in which it grew. A migration that has shipped is never changed. */
export const notifierMigrations: readonly Migration[] = [
  {
    name: 'Notifier',
    timestamp: 1764000000001,
    up: `
      create table recipients (
        directory uuid primary key,
        directory_name text not null,
        addresses text[] not null,
        changed_at timestamptz not null
      );
      -- Failures that have been counted, so that none is counted twice when the log hands it over again.
      create table counted_failure (
        id uuid primary key,
        at timestamptz not null
      );
      create index counted_failure_at on counted_failure (at);
      create table notice (
        id uuid primary key default gen_random_uuid(),
        directory uuid not null,
        due_at timestamptz not null,
        minute timestamptz generated always as (date_trunc('minute', due_at, 'UTC')) stored,
        tally jsonb not null,
        closed_at timestamptz,
        unique (directory, minute)
      );
      create unique index notice_open on notice (directory) where closed_at is null;
      create index notice_due on notice (due_at) where closed_at is null;
      create table mail (
        id uuid primary key default gen_random_uuid(),
        notice uuid not null references notice (id) on delete cascade,
        address text not null,
        created_at timestamptz not null,
        attempts int not null default 0,
        refusals int not null default 0,
        next_try_at timestamptz not null,
        sent_at timestamptz,
        given_up_at timestamptz,
        last_error text,
        unique (notice, address)
      );
      create index mail_pending on mail (next_try_at) where sent_at is null and given_up_at is null;
    `,
  },
];

/** Brings the tables of this service up to date before anything reads them, and lets go of the database last. */
@Injectable()
export class NotifierSchema implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly url: string,
    private readonly database: Database,
  ) {}

  async onModuleInit(): Promise<void> {
    await migrate({ url: this.url, schema: NOTIFIER_SCHEMA, migrations: notifierMigrations });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
