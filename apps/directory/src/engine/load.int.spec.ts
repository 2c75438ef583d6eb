import { type Database, migrate, openDatabase } from '#libs/postgres';
import { freshDatabase } from '#libs/testing';
import { directoryMigrations } from '../store/migrations.js';
import { PLANNING } from '../store/planning.js';
import { load } from './load.js';
import { type Need, World } from './world.js';

const SCHEMA = 'public';
const directory = '01900000-0000-7000-8000-000000000001';
const group = '01900000-0000-7000-8000-000000000002';
const id = '01900000-0000-7000-8000-000000000003';

let place: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  database = openDatabase({ url: place.url, schema: SCHEMA, settings: PLANNING });
  await database.query(
    '',
    `insert into users select $1::uuid, gen_random_uuid(), 'user' || n, null, null, '{}', true, 1, now(), now(), '{}'
       from generate_series(1, 2_000) n`,
    [directory],
  );
  await database.query(
    '',
    `insert into groups select $1::uuid, gen_random_uuid(), 'group' || n, null, 1, now(), now(), '{}'
       from generate_series(1, 2_000) n`,
    [directory],
  );
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

describe('what a batch looks up', () => {
  it.each<[string, Need, string]>([
    ['a name', { of: 'userName', directory, key: 'ada' }, 'users_user_name'],
    ['a name of a group', { of: 'groupName', directory, key: 'all' }, 'groups_display_name'],
    ['a user', { of: 'user', directory, id }, 'users_pkey'],
    ['a group', { of: 'group', directory, id: group }, 'groups_pkey'],
    ['a membership', { of: 'membership', group, member: id }, 'group_member_pkey'],
  ])('%s is found one by one by its index, in a table that was never analysed', async (_, need, index) => {
    const asked: [string, readonly unknown[]][] = [];
    const watched = Object.create(database) as Database;
    watched.query = <R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) => {
      expect(name).toBe(''); // planned each time, for the size that the table has by then
      asked.push([text, values ?? []]);
      return database.query<R>(name, text, values);
    };
    await load(watched, new World(), [need]);
    expect(asked).toHaveLength(1);
    const [text, values] = asked[0] ?? ['', []];
    const rows = await database.query<{ 'QUERY PLAN': string }>('', `explain ${text}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Nested Loop');
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });
});
