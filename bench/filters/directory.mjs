// A read model with many users, written by SQL as the service would have written it: for questions, which look at nothing else.
import { migrate, openDatabase } from '../../dist/libs/postgres/src/index.js';
import { directoryMigrations } from '../../dist/apps/directory/src/store/migrations.js';

export const DIRECTORY = '01900000-0000-7000-8000-000000000001';
const GROUPS = 200;
const FIRST = 1_764_000_000_000;
const EXTENSION = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const GIVEN =
  'Ada Bob Chloe Dmitri Eve Fatima Grace Hans Ines Joy Kenji Lea Maria Noor Otto Pia Quentin Rosa Sven Tara';
const FAMILY =
  'Adams Brown Curie Darwin Euler Fermi Gauss Hopper Ibsen Jones Klein Lovelace Maxwell Noether Ohm Planck Quine Ritchie Shannon Turing';

/** Ids in the order of creation, as the gateway makes them (UUIDv7), and repeatable. */
const idSql = (n, salt) =>
  `(lpad(to_hex(${FIRST} + ${n} * 100), 12, '0') || '7' || substr(md5('${salt}' || ${n}), 1, 3) || '8' || substr(md5('${salt}b' || ${n}), 1, 15))::uuid`;

const USERS = `
insert into users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active, version, created_at,
                   last_modified, attributes)
select $1::uuid, ${idSql('n', 'u')}, 'user' || n || '@example.com', 'x-' || n, lower(full_name || ' ' || n),
       array['user' || n || '@example.com'], n % 50 <> 0, 1, at, at + case when n % 10 = 3 then (n::bigint * 7919 % 2592000) * interval '1 s' else interval '0 s' end,
       jsonb_build_object(
         'userName', 'User' || n || '@example.com', 'externalId', 'x-' || n, 'displayName', full_name || ' ' || n,
         'active', n % 50 <> 0, 'title', 'Engineer', 'preferredLanguage', 'en-US',
         'name', jsonb_build_object('givenName', given, 'familyName', family, 'formatted', full_name),
         'emails', jsonb_build_array(jsonb_build_object('type', 'work', 'value', 'User' || n || '@example.com', 'primary', true)),
         'phoneNumbers', jsonb_build_array(
           jsonb_build_object('type', 'work', 'value', '+1 425 555 ' || n, 'primary', true),
           jsonb_build_object('type', 'mobile', 'value', '+1 425 556 ' || n)),
         '${EXTENSION}', jsonb_build_object(
           'employeeNumber', 'E' || n, 'department', 'Department ' || n % 40, 'manager', jsonb_build_object('value', ${idSql('n / 10 + 1', 'u')}::text)))
  from (select n, timestamptz '2026-01-01' + n * interval '1 s' as at,
               (string_to_array('${GIVEN}', ' '))[1 + n % 20] as given, (string_to_array('${FAMILY}', ' '))[1 + n / 20 % 20] as family
          from generate_series(1, $2::int) n) s,
       lateral (select given || ' ' || family as full_name) f`;

const GROUP_ROWS = `
insert into groups (directory_id, id, display_name_key, external_id, version, created_at, last_modified, attributes)
select $1::uuid, ${idSql('n', 'g')}, 'group ' || n, 'g-' || n, 1, timestamptz '2026-01-01', timestamptz '2026-01-01' + n * interval '1 h',
       jsonb_build_object('displayName', 'Group ' || n, 'externalId', 'g-' || n)
  from generate_series(1, ${GROUPS}) n`;

/** Everybody is in two groups. */
const MEMBERS = `
insert into group_member (group_id, member_id, member_type, directory_id)
select ${idSql(`(1 + n * k % ${GROUPS})`, 'g')}, ${idSql('n', 'u')}, 'User', $1::uuid
  from generate_series(1, $2::int) n, unnest(array[1, 7]) k on conflict do nothing`;

/** Makes the tables in an empty database and fills them; gives the open database. */
export async function fill(url, users) {
  await migrate({ url, schema: 'public', migrations: directoryMigrations });
  const database = openDatabase({ url, schema: 'public' });
  await database.query('', USERS, [DIRECTORY, users]);
  await database.query('', GROUP_ROWS, [DIRECTORY]);
  await database.query('', MEMBERS, [DIRECTORY, users]);
  // What autovacuum does within a minute on a running server.
  for (const table of ['users', 'groups', 'group_member']) await database.query('', `vacuum analyze ${table}`);
  return database;
}

/** The id of the nth user or group, as PostgreSQL made it. */
export async function idOf(database, kind, n) {
  const [row] = await database.query('', `select ${idSql('$1::int', kind === 'user' ? 'u' : 'g')}::text as id`, [n]);
  return row.id;
}
