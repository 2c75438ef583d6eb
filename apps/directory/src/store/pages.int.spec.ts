import type { DirectoryQuery, Place } from '#libs/contracts';
import { type Database, migrate, openDatabase } from '#libs/postgres';
import { ENTERPRISE_USER_SCHEMA, parseFilter } from '#libs/scim';
import { freshDatabase } from '#libs/testing';
import { directoryMigrations } from './migrations.js';
import { findPage } from './pages.js';

const DIRECTORY = '01900000-0000-7000-8000-000000000001';
/** More than are gathered at once. */
const USERS = 12_000;
const SCHEMA = 'public';

let place: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  database = openDatabase({ url: place.url, schema: SCHEMA });
  // Rows as wide as people are; ids in the order of creation; the later half was changed in the year after.
  await database.query(
    '',
    `insert into users
     select $1::uuid, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user' || n, 'x' || n,
            case n % 3 when 0 then 'name' || n when 1 then 'other' || n end, array['u' || n || '@x'], true, 1, '2024-01-01',
            timestamptz '2024-01-01' + n * interval '1 s' + case when n > $2 / 2 then interval '1 year' else '0' end,
            jsonb_build_object('userName', 'user' || n, 'displayName', 'Name' || n, 'title', 'T' || n % 7, 'nickName', repeat('x', 600), 'emails',
              jsonb_build_array(jsonb_build_object('type', 'work', 'value', 'u' || n || '@x')),
              '${ENTERPRISE_USER_SCHEMA}', jsonb_build_object('employeeNumber', 'E' || n))
       from generate_series(1, $2::int) n`,
    [DIRECTORY, USERS],
  );
  await database.query('', 'vacuum analyze users');
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

type Users = Extract<DirectoryQuery, { find: 'users' }>;
const asked = (filter: string, more: Partial<Users> = {}): Users => ({
  ...{ find: 'users', startIndex: 1, count: 10, withGroups: false },
  ...more,
  filter: filter === '' ? null : parseFilter(filter),
});

async function page(filter: string, more: Partial<Users> = {}) {
  const { total, resources, next } = await findPage(database, DIRECTORY, asked(filter, more));
  return { total, found: resources.map(({ attributes }) => Number((attributes.userName as string).slice(4))), next };
}

/** The statements that a query runs, with the plans that PostgreSQL makes for them, knowing the values and not. */
async function plansOf(filter: string, more: Partial<Users> = {}): Promise<{ total: number; plans: string[] }> {
  const statements: [string, readonly unknown[]][] = [];
  const watched = Object.create(database) as Database;
  watched.query = <R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) => {
    statements.push([text, values ?? []]);
    return database.query<R>(name, text, values);
  };
  const { total } = await findPage(watched, DIRECTORY, asked(filter, more));
  const plans: string[] = [];
  for (const [text, values] of statements) {
    for (const rows of [
      await database.query<{ 'QUERY PLAN': string }>('', `explain ${text}`, values),
      await database.query<{ 'QUERY PLAN': string }>('', `explain (generic_plan) ${text}`),
    ]) {
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
  }
  return { total, plans };
}

describe('a page of users', () => {
  it.each([
    ['userName eq "USER42"', 'users_user_name', 1],
    ['externalId eq "x42"', 'users_external_id', 1],
    ['displayName eq "Name42"', 'users_display_name', 1],
    ['emails[type eq "work"].value eq "U42@x"', 'users_email', 1],
    ['emails.value eq "u42@x"', 'users_email', 1],
    ['userName eq "user7" or externalId eq "x42"', 'users_external_id', 2],
    ['displayName sw "NAME1200"', 'users_display_name', 2],
    ['displayName sw "Name"', 'users_display_name', 4_000],
    ['displayName sw "nobody"', 'users_display_name', 0],
    ['userName sw "user119"', 'users_user_name', 111],
    ['userName sw "user"', 'users_user_name', USERS],
    ['userName co "r1199"', 'users_user_name', 11],
    ['externalId sw "x1199"', 'users_external_id', 11],
    ['meta.lastModified gt "2025-01-01T00:00:00Z"', 'users_last_modified', USERS / 2],
    ['meta.lastModified ge "2030-01-01T00:00:00Z"', 'users_last_modified', 0],
    ['meta.lastModified lt "2024-01-01T00:00:10Z"', 'users_last_modified', 9],
    ['meta.lastModified gt "2020-01-01T00:00:00Z"', 'users_last_modified', USERS],
    [`${ENTERPRISE_USER_SCHEMA}:employeeNumber eq "e42"`, 'users_employee_number', 1],
    ['employeeNumber eq "E42"', 'users_employee_number', 1],
    ['id eq "01900000-0000-7000-8000-000000000042"', 'users_pkey', 1],
  ])(
    'by %s is found by the index %s alone, whether its plan knows the value or not',
    async (filter, index, matching) => {
      const { total, plans } = await plansOf(filter);
      expect(total).toBe(matching);
      for (const plan of plans.slice(0, 2)) expect(plan).toContain(index);
      for (const plan of plans) expect(plan).not.toContain('Seq Scan');
    },
  );

  it.each([
    ['by id', {}, 'users_pkey'],
    ['by cursor', { after: { key: null, id: '80000000-0000-4000-8000-000000000000' } }, 'users_pkey'],
    ['sorted by userName', { sort: { by: 'userName', isDescending: false } }, 'users_user_name'],
  ])('%s reads the order from an index', async (_, more, index) => {
    const { plans } = await plansOf('', more);
    expect(plans[0]).toContain(index);
    expect(plans[1]).toContain(index);
  });

  describe.each([
    ['few rows', 'displayName sw "name"', (n: number) => n % 3 === 0],
    ['most rows', 'userName sw "user" and title pr', () => true],
    ['rows that come last, and many', 'meta.lastModified gt "2024-01-01T00:20:00Z"', (n: number) => n > 1_200],
  ])('of %s', (_, filter, isOne) => {
    const all = Array.from({ length: USERS }, (__, at) => at + 1).filter(isOne);

    it('begins anywhere, with the right total', async () => {
      for (const startIndex of [1, 2, 995, all.length - 3, all.length, all.length + 1, 50_000]) {
        const { total, found } = await page(filter, { startIndex });
        expect({ startIndex, total, found }).toEqual({
          ...{ startIndex, total: all.length },
          found: all.slice(startIndex - 1, startIndex + 9),
        });
      }
      expect(await page(filter, { count: 0 })).toEqual({ total: all.length, found: [] });
    });

    it('goes on from cursor to cursor to its end', async () => {
      const seen: number[] = [];
      for (let after: Place | null | undefined = null; after !== undefined;) {
        const { total, found, next } = await page(filter, { after, count: 997 });
        expect(total).toBe(all.length);
        seen.push(...found);
        after = next;
      }
      expect(seen).toEqual(all);
    });

    it('can be sorted', async () => {
      const { total, found } = await page(filter, { sort: { by: 'userName', isDescending: true }, startIndex: 3 });
      const sorted = all.map(String).sort().reverse().slice(2, 12).map(Number);
      expect({ total, found }).toEqual({ total: all.length, found: sorted });
    });
  });

  it('that many ask for at once is found for each of them, in one statement', async () => {
    const statements: string[] = [];
    const watched = Object.create(database) as Database;
    watched.query = <R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) => {
      statements.push(text);
      return database.query<R>(name, text, values);
    };
    const another = '01900000-0000-7000-8000-000000000002';
    const ask = async (directory: string, name: string) => {
      const { total, resources } = await findPage(
        watched,
        directory,
        asked(`userName eq "${name}"`, { withGroups: true }),
      );
      return { total, names: resources.map(({ attributes }) => attributes.userName) };
    };
    const wanted = Array.from({ length: 50 }, (_, index) => `user${index * 7 + 1}`);
    const [found, nobody, elsewhere] = await Promise.all([
      Promise.all(wanted.map((name) => ask(DIRECTORY, name))),
      ask(DIRECTORY, 'nobody'),
      ask(another, wanted[0] ?? ''),
    ]);
    expect(found).toEqual(wanted.map((name) => ({ total: 1, names: [name] })));
    expect([nobody.total, elsewhere.total]).toEqual([0, 0]);
    const pages = statements.filter((text) => text.includes('user_name_key'));
    expect(pages).toHaveLength(1);
    const plan = await database.query<{ 'QUERY PLAN': string }>('', `explain (generic_plan) ${pages[0] ?? ''}`);
    const steps = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(steps).toContain('users_user_name');
    expect(steps).not.toContain('Seq Scan');
    expect(statements.filter((text) => text.includes('group_member'))).toHaveLength(1);
  });
});
