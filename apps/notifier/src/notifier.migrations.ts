import type { Migration } from '#libs/postgres';

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
  {
    name: 'Incidents',
    timestamp: 1764000000003,
    up: `
      create table incident (
        id uuid primary key,
        directory uuid not null,
        fingerprint text not null,
        status text not null,
        opened_at timestamptz not null,
        last_at timestamptz not null,
        resolved_at timestamptz,
        state jsonb not null,
        -- What people have been told of it, by the way that they were told.
        told jsonb not null default '{}'
      );
      create unique index incident_lasting on incident (directory, fingerprint) where status <> 'resolved';
      create index incident_directory on incident (directory, opened_at);
      create table incident_event (
        incident uuid not null references incident (id) on delete cascade,
        number int not null,
        at timestamptz not null,
        type text not null,
        data jsonb not null,
        primary key (incident, number)
      );
      -- What fails now, and so what has to succeed for an incident to be over. Also what Entra holds back and tries again.
      create table failing (
        incident uuid not null references incident (id) on delete cascade,
        key text not null,
        directory uuid not null,
        family text not null,
        attribute text,
        is_reference boolean not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        primary key (incident, key)
      );
      create index failing_directory on failing (directory, key);
      create table watch (
        directory uuid primary key,
        first_heard_at timestamptz not null,
        last_heard_at timestamptz not null,
        last_success_at timestamptz,
        last_key_refused_at timestamptz,
        health text not null,
        health_since timestamptz not null,
        changed_at timestamptz not null,
        checked_at timestamptz
      );
      create index watch_checked on watch (checked_at);
      create table activity_minute (
        directory uuid not null,
        minute timestamptz not null,
        operations int not null,
        failures int not null,
        written int not null,
        primary key (directory, minute)
      );
      create index activity_minute_age on activity_minute (minute);
      -- Users that were disabled or deleted within the last hour.
      create table gone (
        directory uuid not null,
        subject text not null,
        at timestamptz not null,
        primary key (directory, subject)
      );
      create index gone_age on gone (at);
      -- Messages that must not count twice, where nothing else would show that they were heard.
      create table heard (
        id uuid primary key,
        at timestamptz not null
      );
    `,
  },
  {
    name: 'Telling',
    timestamp: 1764000000004,
    up: `
      -- Incidents and their notices take the place of a count of failures a minute.
      drop table mail;
      drop table notice;
      drop table counted_failure;
      alter table recipients add column wishes jsonb;
      alter table recipients add column digested_at timestamptz;
      -- When it is next looked whether there is something to tell.
      alter table recipients add column look_at timestamptz not null default '-infinity';
      create table notice (
        id uuid primary key default gen_random_uuid(),
        directory uuid not null,
        channel text not null,
        thread uuid not null,
        step int not null,
        kind text not null,
        facts jsonb not null,
        made_at timestamptz not null,
        unique (channel, thread, step)
      );
      create index notice_recent on notice (directory, channel, made_at);
      create table delivery (
        id uuid primary key default gen_random_uuid(),
        notice uuid not null references notice (id) on delete cascade,
        channel text not null,
        thread uuid not null,
        step int not null,
        address text not null,
        -- The order in which an address gets what waits for it.
        number bigint generated always as identity,
        made_at timestamptz not null,
        attempts int not null default 0,
        done_at timestamptz,
        given_up_at timestamptz,
        last_error text,
        unique (channel, thread, step, address)
      );
      create index delivery_waiting on delivery (channel, address, number) where done_at is null and given_up_at is null;
      create index delivery_of on delivery (notice);
      -- How an address answered of late. Its row is locked while something is sent to it.
      create table mailbox (
        channel text not null,
        address text not null,
        next_try_at timestamptz not null,
        failures int not null default 0,
        refusals int not null default 0,
        suppressed_at timestamptz,
        last_error text,
        primary key (channel, address)
      );
      create index mailbox_due on mailbox (channel, next_try_at) where suppressed_at is null;
      create table unsubscribed (
        directory uuid not null,
        address text not null,
        at timestamptz not null,
        primary key (directory, address)
      );
      create table webhook (
        id uuid primary key,
        directory uuid not null,
        url text not null,
        -- Sealed with a key that is not in the database.
        secret text not null,
        created_at timestamptz not null
      );
      create index webhook_directory on webhook (directory);
      -- What signs the links by which people stop the mails.
      create table own_secret (
        name text primary key,
        value text not null
      );
    `,
  },
];
