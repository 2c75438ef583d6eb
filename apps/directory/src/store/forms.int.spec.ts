import { type Database, migrate, openDatabase } from '#libs/postgres';
import { freshDatabase } from '#libs/testing';
import { refuseUnknownForms } from './forms.js';
import { directoryMigrations } from './migrations.js';
import { upcasters } from './upcast/upcasters.js';

const SCHEMA = 'public';
const EVENTS = 20_000;

let place: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  database = openDatabase({ url: place.url, schema: SCHEMA, poolMax: 1 });
  await database.query(
    '',
    `insert into event
     select 0, n, gen_random_uuid(), n, gen_random_uuid(), 'user', gen_random_uuid(), 1,
            (array['UserCreated', 'UserUpdated', 'UserDeleted'])[1 + n % 3], 1, now(), gen_random_uuid(), 'c', '{}', '{}'
       from generate_series(1, $1::int) n`,
    [EVENTS],
  );
  await database.query('', 'analyze event');
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

const change = (position: number, type: string, version: number) =>
  database.query('', 'update event set type = $2, schema_version = $3 where position = $1', [position, type, version]);

describe('a store of events', () => {
  it('is taken when this program knows every form in it, at the cost of a few looks into an index', async () => {
    await database.query('', 'set enable_seqscan = on');
    await database.query('', 'select pg_stat_force_next_flush()');
    const scans = async () => {
      await database.query('', 'select pg_stat_force_next_flush()');
      const [row] = await database.query<{ n: number }>(
        '',
        "select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_user_tables where relname = 'event'",
      );
      return row?.n ?? 0;
    };
    const before = await scans();
    await refuseUnknownForms(database);
    expect((await scans()) - before).toBeLessThan(50);
  });

  it('is refused when one event is of a newer version, or of a type from the future, and says which and what to do', async () => {
    await change(7, 'UserUpdated', 2);
    await change(8, 'UserPromoted', 1);
    await expect(refuseUnknownForms(database)).rejects.toThrow(
      'The store holds events of a form that this program does not know: UserPromoted (a type that it has never heard of), ' +
        'UserUpdated of version 2 (it knows 1 to 1). A newer Roster has written here: run that version or a newer one.',
    );
    await change(8, 'UserUpdated', 1);
    await expect(refuseUnknownForms(database)).rejects.toThrow('UserUpdated of version 2');
  });

  it('is taken by the program that has the step for that version', async () => {
    await expect(
      refuseUnknownForms(database, { ...upcasters, UserUpdated: [(data) => ({ ...data })] }),
    ).resolves.toBeUndefined();
  });
});
