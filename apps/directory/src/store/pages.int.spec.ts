import { type Database, migrate, openDatabase } from '#libs/postgres';
import { parseFilter } from '#libs/scim';
import { freshDatabase } from '#libs/testing';
import { directoryMigrations } from './migrations.js';
import { findPage } from './pages.js';

const DIRECTORY = '01900000-0000-7000-8000-000000000001';
const USERS = 5_000;
const SCHEMA = 'public';

let place: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  database = openDatabase({ url: place.url, schema: SCHEMA });
  await database.query(
    '',
    `insert into users
     select $1::uuid, gen_random_uuid(), 'user' || n, 'x' || n, 'name' || n, array['u' || n || '@x'], true, 1, now(), now(),
            jsonb_build_object('userName', 'user' || n, 'emails', jsonb_build_array(
              jsonb_build_object('type', 'work', 'value', 'u' || n || '@x')))
       from generate_series(1, $2::int) n`,
    [DIRECTORY, USERS],
  );
  await database.query('', 'analyze users');
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

/** The statements that a query runs, with the plans that PostgreSQL makes for them. */
async function plansOf(filter: string, more: object = {}): Promise<{ found: number; plans: string[] }> {
  const asked: [string, readonly unknown[]][] = [];
  const watched = Object.create(database) as Database;
  watched.query = <R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) => {
    asked.push([text, values ?? []]);
    return database.query<R>(name, text, values);
  };
  const query = { find: 'users', startIndex: 1, count: 10, withGroups: false, ...more } as const;
  const { resources } = await findPage(watched, DIRECTORY, {
    ...query,
    filter: filter === '' ? null : parseFilter(filter),
  });
  const plans = await Promise.all(
    asked.map(async ([text, values]) => {
      const rows = await database.query<{ 'QUERY PLAN': string }>('', `explain ${text}`, values);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    }),
  );
  return { found: resources.length, plans };
}

describe('a page of users', () => {
  it.each([
    ['userName eq "USER42"', 'users_user_name'],
    ['externalId eq "x42"', 'users_external_id'],
    ['displayName eq "Name42"', 'users_display_name'],
    ['emails[type eq "work"].value eq "U42@x"', 'users_email'],
    ['emails.value eq "u42@x"', 'users_email'],
    ['userName eq "nobody" or externalId eq "x42"', 'users_external_id'],
  ])('by %s is found by the index %s alone', async (filter, index) => {
    const { found, plans } = await plansOf(filter);
    expect(found).toBe(1);
    for (const plan of plans) {
      expect(plan).toContain(index);
      expect(plan).not.toContain('Seq Scan');
    }
  });

  it.each([
    ['by id', {}, 'users_pkey'],
    ['by cursor', { after: { key: null, id: '80000000-0000-4000-8000-000000000000' } }, 'users_pkey'],
    ['sorted by userName', { sort: { by: 'userName', isDescending: false } }, 'users_user_name'],
  ])('%s reads the order from an index', async (_, more, index) => {
    const { found, plans } = await plansOf('', more);
    expect([found, plans[0]]).toEqual([10, expect.stringContaining(index)]);
  });
});
