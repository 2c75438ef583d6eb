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
  {
    name: 'ProvisioningLog',
    timestamp: 1764000000002,
    up: `
      -- Every SCIM request, and what it changed. A day is a partition: made ahead, and dropped in one piece when its time is over.
      create table activity (
        id uuid not null,
        at timestamptz not null,
        received_at timestamptz not null,
        directory uuid,
        key_id text,
        method text not null,
        path text not null,
        query text,
        resource_type text,
        target text,
        status int not null,
        scim_type text,
        detail text,
        class text,
        duration_ms float8 not null,
        correlation_id text not null,
        client_address text,
        user_agent text,
        -- How many requests of this kind were told together, of which this is the last.
        count int not null default 1,
        left_out jsonb,
        request text,
        primary key (id, at)
      ) partition by range (at);
      create index activity_directory on activity (directory, at, id);
      create index activity_target on activity (directory, lower(target)) where target is not null;
      create table caused (
        correlation_id text not null,
        directory uuid not null,
        sequence bigint not null,
        at timestamptz not null,
        type text not null,
        subject text not null,
        primary key (correlation_id, directory, sequence, at)
      ) partition by range (at);
    `,
  },
];

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
