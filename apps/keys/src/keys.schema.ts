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
  {
    name: 'KeyLife',
    timestamp: 1764000000002,
    up: `
      alter table key alter column directory drop not null;
      alter table key add column disabled_at timestamptz;
      alter table key add column rotated_at timestamptz;
      alter table key add column successor text;
      alter table key add column predecessor text;
      alter table key add column requests_per_second int;
      create index key_end on key (expires_at) where revoked_at is null;
      create table key_use (
        id text primary key,
        used_at timestamptz not null,
        address text,
        user_agent text
      );
      create table expiry_told (
        credential text primary key,
        expires_at timestamptz not null,
        days_left int not null
      );
    `,
  },
  {
    name: 'Clients',
    timestamp: 1764000000003,
    up: `
      create table client (
        id text primary key,
        directory uuid,
        name text not null,
        scopes text[] not null,
        token_life_s int not null,
        secrets jsonb not null,
        federation jsonb,
        key_set text,
        created_at timestamptz not null,
        revoked_at timestamptz,
        version int not null
      );
      create index client_directory on client (directory, created_at desc);
      create unique index client_subject on client ((federation ->> 'issuer'), (federation ->> 'subject'))
        where revoked_at is null and federation is not null;
      create table key_set (
        id text primary key,
        issuer text not null,
        jwks_uri text,
        keys jsonb not null,
        fetched_at timestamptz not null,
        version int not null
      );
      -- The public halves; the private ones are nowhere but in memory.
      create table signing_key (
        id text primary key,
        jwk jsonb not null,
        until timestamptz not null
      );
      -- Assertions that have been used, as long as they could be used again.
      create table assertion (
        sha256 text primary key,
        command_id uuid not null,
        expires_at timestamptz not null
      );
      create index assertion_end on assertion (expires_at);
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
