import type { Migration } from '#libs/postgres';

/** The directory service's schema, in the order in which it grew. A migration that has shipped is never changed. */
export const directoryMigrations: readonly Migration[] = [
  {
    name: 'Directory',
    timestamp: 1764000000001,
    up: `
create table system (only_row boolean primary key default true check (only_row), partitions int not null);

create table partition_owner (
  partition int primary key,
  epoch bigint not null,
  next_offset bigint, -- null: nothing was ever read from this partition
  last_position bigint not null,
  published_position bigint not null
);

create table directory (
  id uuid primary key,
  name text not null,
  partition int not null,
  sequence bigint not null,
  version int not null,
  created_at timestamptz not null
);

create table event (
  partition int not null,
  position bigint not null,
  directory_id uuid not null,
  sequence bigint not null,
  id uuid not null,
  entity_type text not null,
  entity_id uuid not null,
  version int not null,
  type text not null,
  schema_version int not null,
  recorded_at timestamptz not null,
  command_id uuid not null,
  correlation_id text not null,
  actor json not null,
  data json not null,
  primary key (partition, position)
);
create unique index event_by_sequence on event (directory_id, sequence);

create table users (
  directory_id uuid not null,
  id uuid not null,
  user_name_key text not null,
  external_id text,
  display_name_key text,
  email_keys text[] not null,
  active boolean,
  version int not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  attributes jsonb not null,
  primary key (directory_id, id)
);
create unique index users_user_name on users (directory_id, user_name_key);
create index users_external_id on users (directory_id, external_id);
create index users_display_name on users (directory_id, display_name_key);
create index users_email on users using gin (email_keys) with (fastupdate = off);

create table groups (
  directory_id uuid not null,
  id uuid not null,
  display_name_key text not null,
  external_id text,
  version int not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  attributes jsonb not null,
  primary key (directory_id, id)
);
create unique index groups_display_name on groups (directory_id, display_name_key);
create index groups_external_id on groups (directory_id, external_id);

create table group_member (
  group_id uuid not null,
  member_id uuid not null,
  member_type text not null,
  directory_id uuid not null,
  primary key (group_id, member_id)
);
create index group_member_by_member on group_member (member_id);

create table command_result (
  command_id uuid primary key,
  reply json not null,
  at timestamptz not null
);
create index command_result_by_age on command_result (at);

-- The one statement of a batch. The guarded update comes first: if any partition is not exactly as the caller believes,
-- nothing at all happens and the answer is false: the caller has been fenced.
create function commit_batch(
  owners json, directories json, events json, users_put json, users_gone uuid[],
  groups_put json, groups_gone uuid[], members_added json, members_removed json, results json, at timestamptz
) returns boolean language plpgsql as $commit$
declare
  matched int;
begin
  update partition_owner p
     set next_offset = o.next_offset, last_position = o.last_position
    from json_to_recordset(owners) as o(
      partition int, epoch bigint, expected_offset bigint, next_offset bigint, expected_position bigint, last_position bigint)
   where p.partition = o.partition and p.epoch = o.epoch
     and p.next_offset is not distinct from o.expected_offset and p.last_position = o.expected_position;
  get diagnostics matched = row_count;
  if matched <> json_array_length(owners) then
    -- Whatever was updated before the mismatch must not stay.
    raise exception 'fenced' using errcode = 'RF001';
  end if;

  insert into command_result select r.command_id, r.reply, at
    from json_to_recordset(results) as r(command_id uuid, reply json);

  if json_array_length(events) = 0 then
    return true;
  end if;

  insert into event
    select e.partition, e.position, e.directory_id, e.sequence, e.id, e.entity_type, e.entity_id, e.version, e.type,
           e.schema_version, at, e.command_id, e.correlation_id, e.actor, e.data
      from json_to_recordset(events) as e(
        partition int, position bigint, directory_id uuid, sequence bigint, id uuid, entity_type text, entity_id uuid,
        version int, type text, schema_version int, command_id uuid, correlation_id text, actor json, data json);

  insert into directory
    select d.id, d.name, d.partition, d.sequence, d.version, d.created_at
      from json_to_recordset(directories) as d(
        id uuid, name text, partition int, sequence bigint, version int, created_at timestamptz)
    on conflict (id) do update set name = excluded.name, sequence = excluded.sequence, version = excluded.version;

  if cardinality(users_gone) > 0 then
    delete from users where id = any(users_gone);
  end if;
  if cardinality(groups_gone) > 0 then
    delete from groups where id = any(groups_gone);
    delete from group_member where group_id = any(groups_gone);
  end if;

  if json_array_length(users_put) > 0 then
    insert into users
      select u.directory_id, u.id, u.user_name_key, u.external_id, u.display_name_key, u.email_keys, u.active, u.version,
             u.created_at, at, u.attributes
        from json_to_recordset(users_put) as u(
          directory_id uuid, id uuid, user_name_key text, external_id text, display_name_key text, email_keys text[],
          active boolean, version int, created_at timestamptz, attributes jsonb)
      on conflict (directory_id, id) do update set
        user_name_key = excluded.user_name_key, external_id = excluded.external_id,
        display_name_key = excluded.display_name_key, email_keys = excluded.email_keys, active = excluded.active,
        version = excluded.version, last_modified = excluded.last_modified, attributes = excluded.attributes;
  end if;

  if json_array_length(groups_put) > 0 then
    insert into groups
      select g.directory_id, g.id, g.display_name_key, g.external_id, g.version, g.created_at, at, g.attributes
        from json_to_recordset(groups_put) as g(
          directory_id uuid, id uuid, display_name_key text, external_id text, version int, created_at timestamptz,
          attributes jsonb)
      on conflict (directory_id, id) do update set
        display_name_key = excluded.display_name_key, external_id = excluded.external_id, version = excluded.version,
        last_modified = excluded.last_modified, attributes = excluded.attributes;
  end if;

  if json_array_length(members_removed) > 0 then
    delete from group_member m using json_to_recordset(members_removed) as r(group_id uuid, member_id uuid)
     where m.group_id = r.group_id and m.member_id = r.member_id;
  end if;
  if json_array_length(members_added) > 0 then
    insert into group_member
      select a.group_id, a.member_id, a.member_type, a.directory_id
        from json_to_recordset(members_added) as a(group_id uuid, member_id uuid, member_type text, directory_id uuid);
  end if;
  return true;
end
$commit$;
`,
  },
  {
    name: 'DirectoryFilters',
    timestamp: 1764000000010,
    up: `
-- Keys are compared and sorted by code point, whatever the database's own collation is: their indexes then also answer "sw"
-- and "sortBy". With the id in an index, a list's ids are gathered and counted without a look at the rows.
drop index users_user_name;
drop index users_display_name;
alter table users
  alter column user_name_key type text collate "C",
  alter column external_id type text collate "C",
  alter column display_name_key type text collate "C";
alter table groups
  alter column display_name_key type text collate "C",
  alter column external_id type text collate "C";
create unique index users_user_name on users (directory_id, user_name_key) include (id);
create index users_display_name on users (directory_id, display_name_key) include (id);
create index users_last_modified on users (directory_id, last_modified) include (id);
-- The one attribute of an extension that provisioning clients match people by, written as filters write it.
create index users_employee_number on users (
  directory_id,
  lower(left((attributes->'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'->>'employeeNumber'), 200)
    collate "pg_c_utf8"))
  where (attributes->'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'->>'employeeNumber') is not null;
analyze users;
analyze groups;
`,
  },
  {
    name: 'EventForms',
    timestamp: 1764000000020,
    up: `
-- Which forms of events are stored: looked up form by form when a program starts, without reading the events.
create index event_by_form on event (type, schema_version);
`,
  },
  {
    name: 'Rebuilds',
    timestamp: 1764000000021,
    up: `
-- What became of each time that the read model was made again, so that any instance can tell.
create table rebuild (
  run uuid primary key,
  begun_at timestamptz not null default now(),
  report json not null
);
`,
  },
  {
    name: 'DirectorySchema',
    timestamp: 1764000000200,
    up: `
-- What a directory has of its own: extensions as JSON, which keeps the order of attributes. No row: nothing.
create table directory_schema (
  directory_id uuid primary key,
  version int not null,
  extensions json not null
);

-- A batch that changes schemas, which is rare; the fence comes first here too.
create function commit_batch_with_schemas(
  owners json, directories json, events json, users_put json, users_gone uuid[],
  groups_put json, groups_gone uuid[], members_added json, members_removed json, results json, at timestamptz,
  schemas json
) returns boolean language plpgsql as $commit$
begin
  perform commit_batch(owners, directories, events, users_put, users_gone, groups_put, groups_gone, members_added,
    members_removed, results, at);
  insert into directory_schema
    select s.directory_id, s.version, s.extensions
      from json_to_recordset(schemas) as s(directory_id uuid, version int, extensions json)
    on conflict (directory_id) do update set version = excluded.version, extensions = excluded.extensions;
  return true;
end
$commit$;
`,
  },
];
