import { randomUUID } from 'node:crypto';
import { commandReply, type CommandReply, type DirectoryCommand, type RebuildReport, topics } from '#libs/contracts';
import {
  InProcessChangeLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  InProcessStateTable,
  type Message,
} from '#libs/messaging';
import { type Database, migrate, openDatabase } from '#libs/postgres';
import { SystemClock } from '#libs/service';
import { eventually, freshDatabase } from '#libs/testing';
import { Engine } from '../engine/engine.js';
import { FailPoints } from '../engine/fail-points.js';
import { fixPartitions } from '../engine/owners.js';
import { Publisher } from '../engine/publisher.js';
import { SchemaStates } from '../schema/schema-states.js';
import { directoryMigrations } from '../store/migrations.js';
import { TABLES } from './read-model.tables.js';
import { LOCK, RebuildUnderWay, Rebuilds } from './rebuilds.js';

const PARTITIONS = 4;
const SCHEMA = 'public';
const URN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';

let place: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let log: InProcessCommandLog;
let replies: InProcessReplyChannel;
let engine: Engine;
let answers: Map<string, CommandReply>;

beforeEach(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  database = openDatabase({ url: place.url, schema: SCHEMA });
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  await fixPartitions(database, PARTITIONS);
  log = new InProcessCommandLog(PARTITIONS);
  replies = new InProcessReplyChannel(() => Date.now());
  answers = new Map();
  await replies.listen('asker', ({ requestId, value }) => {
    answers.set(requestId, commandReply.parse(JSON.parse(value)));
  });
  await start(database);
});

async function start(own: Database): Promise<void> {
  const failPoints = new FailPoints();
  const publisher = new Publisher(new InProcessChangeLog(), own, failPoints);
  const schemas = new SchemaStates(own, new InProcessStateTable(() => Date.now()));
  engine = new Engine(log, replies, own, publisher, new SystemClock(), failPoints, schemas);
  await engine.start();
}

afterEach(async () => {
  await engine.stop();
  await database.close();
  await place.drop();
});

function request(directory: string, data: DirectoryCommand): Message & { id: string } {
  const id = randomUUID();
  const value = JSON.stringify({
    id,
    type: 'directory.command',
    schemaVersion: 1,
    time: new Date().toISOString(),
    correlationId: id,
    causationId: null,
    actor: { kind: 'operator', id: 'spec' },
    directory,
    data,
    replyTo: 'asker',
    deadline: new Date(Date.now() + 60_000).toISOString(),
  });
  return { key: directory, value, id };
}

async function send(directory: string, ...commands: DirectoryCommand[]): Promise<(CommandReply | undefined)[]> {
  const asked = commands.map((command) => request(directory, command));
  await log.send(topics.directoryCommands.name, asked);
  await eventually(() => asked.every(({ id }) => answers.has(id)));
  return asked.map(({ id }) => answers.get(id));
}

const userId = (at: number) => `0199f0c2-0000-7000-8000-${String(at).padStart(12, '0')}`;
const user = (at: number, more: object = {}): DirectoryCommand => ({
  do: 'create-user',
  id: userId(at),
  attributes: { userName: `User${at}@example.com`, displayName: `User ${at}`, externalId: `x${at}`, ...more },
});
const patch = (id: string, attribute: string, value: string | boolean): DirectoryCommand => ({
  do: 'patch-user',
  id,
  operations: [{ op: 'replace', path: { attribute }, value }],
});

/** A directory in which everything has happened that can. */
async function eventfulDirectory(): Promise<{ directory: string; group: string }> {
  const [directory, group, other] = [randomUUID(), randomUUID(), randomUUID()];
  await send(
    directory,
    { do: 'create-directory', name: directory },
    { do: 'extend-schema', urn: URN, resourceType: 'User', attribute: { name: 'floor', type: 'integer' } },
    { do: 'extend-schema', urn: URN, resourceType: 'User', attribute: { name: 'desk', type: 'string' } },
    { do: 'reduce-schema', urn: URN, attribute: 'desk' },
    ...Array.from({ length: 30 }, (_, at) =>
      user(at, { [URN]: { floor: at }, emails: [{ value: `U${at}@X`, type: 'work' }] }),
    ),
    {
      do: 'create-group',
      id: group,
      attributes: { displayName: 'Crew' },
      members: Array.from({ length: 25 }, (_, at) => userId(at)),
    },
    { do: 'create-group', id: other, attributes: { displayName: 'Others' }, members: [group, userId(3)] },
  );
  await send(
    directory,
    patch(userId(1), 'displayName', 'Ada'),
    patch(userId(2), 'active', false),
    patch(userId(2), 'active', true),
    { do: 'delete-user', id: userId(4) },
    user(40, { userName: 'User4@example.com' }),
    {
      do: 'patch-group',
      id: group,
      operations: [],
      members: [
        { do: 'remove', ids: [userId(5)] },
        { do: 'add', ids: [userId(29)] },
      ],
    },
    { do: 'delete-group', id: other },
  );
  return { directory, group };
}

async function ended(rebuilds: Rebuilds, run: string): Promise<RebuildReport> {
  await eventually(async () => ((await rebuilds.find(run))?.state ?? 'running') !== 'running');
  const report = await rebuilds.find(run);
  if (report === null) throw new Error('a run without a report');
  return report;
}

async function rebuilt(isCheck = false, orders = ''): Promise<RebuildReport> {
  const rebuilds = new Rebuilds(database, new FailPoints(orders));
  const run = randomUUID();
  await rebuilds.begin(run, isCheck);
  return ended(rebuilds, run);
}

/** All rows of the read model, and the shape of its tables. */
async function readModel(): Promise<unknown> {
  const rows = await Promise.all(
    TABLES.map((table) => database.query('', `select t::text as row from ${table} t order by 1`)),
  );
  const shape = await database.query(
    '',
    `select tablename, indexname, indexdef from pg_indexes where tablename = any($1) order by 1, 2`,
    [TABLES],
  );
  const columns = await database.query(
    '',
    `select table_name, column_name, data_type, is_nullable, collation_name from information_schema.columns
      where table_name = any($1) order by 1, ordinal_position`,
    [TABLES],
  );
  return { rows, shape, columns };
}

async function locks(which: string): Promise<number> {
  const text = `select count(*) as n from pg_locks
     where database = (select oid from pg_database where datname = current_database()) and ${which}`;
  return (await database.query<{ n: number }>('', text))[0]?.n ?? 0;
}

const tables = () =>
  database.query<{ name: string }>(
    '',
    'select tablename as name from pg_tables where schemaname = current_schema order by 1',
  );

describe('a rebuild', () => {
  it('makes the same tables with the same rows and indexes, and says that nothing differed', async () => {
    await eventfulDirectory();
    const [before, tablesBefore] = [await readModel(), await tables()];
    const report = await rebuilt();
    expect(report).toMatchObject({ state: 'done', differenceCount: 0, differences: [], events: expect.any(Number) });
    expect(report.rows).toMatchObject({ directory: 1, directory_schema: 1, users: 30, groups: 1, group_member: 24 });
    expect(await readModel()).toEqual(before);
    expect(await tables()).toEqual(tablesBefore);
    expect(await rebuilt(true)).toMatchObject({ state: 'done', differenceCount: 0 });
  });

  it('tells each difference when it is only a check, and puts them right when it is not', async () => {
    const { directory, group } = await eventfulDirectory();
    const before = await readModel();
    await database.query('', 'delete from users where id = $1', [userId(7)]);
    await database.query('', `update users set display_name_key = 'x', version = 9 where id = $1`, [userId(8)]);
    await database.query('', 'update directory set sequence = 1');
    await database.query('', `insert into group_member values ($1, $2, 'User', $3)`, [group, userId(5), directory]);
    const check = await rebuilt(true);
    expect(check.differenceCount).toBe(4);
    expect(check.differences).toEqual(
      expect.arrayContaining([
        { table: 'directory', key: directory, what: 'different', columns: ['sequence'] },
        { table: 'users', key: `${directory}/${userId(7)}`, what: 'missing' },
        {
          table: 'users',
          key: `${directory}/${userId(8)}`,
          what: 'different',
          columns: ['display_name_key', 'version'],
        },
        { table: 'group_member', key: `${group}/${userId(5)}`, what: 'surplus' },
      ]),
    );
    expect(await readModel()).not.toEqual(before);
    const epochs = () => database.query('', 'select partition, epoch from partition_owner where epoch > 1');
    const claimed = await epochs();
    expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 4 });
    expect(await epochs()).not.toEqual(claimed); // what was decided on wrong rows is fenced
    expect(await readModel()).toEqual(before);
    const [reply] = await send(directory, patch(userId(8), 'displayName', 'Right'));
    expect(reply).toMatchObject({ outcome: 'done', resource: { version: 2 } });
    expect(await rebuilt(true)).toMatchObject({ differenceCount: 0 });
  });

  it('loses no write that comes meanwhile, and prepared statements go on', async () => {
    const { directory } = await eventfulDirectory();
    const writers = { areOn: true };
    let count = 0;
    const writing = (async () => {
      while (writers.areOn) {
        const at = 1_000 + 10 * count;
        const replies = await send(
          directory,
          ...Array.from({ length: 10 }, (_, more) => user(at + more)),
          patch(userId(at), 'displayName', 'Changed'),
          { do: 'delete-user', id: userId(at + 1) },
        );
        for (const reply of replies) expect(reply).toMatchObject({ outcome: 'done' });
        count += 1;
      }
    })();
    for (let turn = 0; turn < 3; turn += 1) {
      const done = count;
      expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 0 });
      await eventually(() => count > done + 2);
    }
    writers.areOn = false;
    await writing;
    expect(await rebuilt(true)).toMatchObject({ differenceCount: 0, rows: { users: 30 + 9 * count } });
  });

  it('waits for a commit that has begun, and reads its events before it swaps', async () => {
    const { directory } = await eventfulDirectory();
    await engine.stop();
    const gate = Promise.withResolvers<undefined>();
    const inner = openDatabase({ url: place.url, schema: SCHEMA });
    const slow = Object.create(inner) as Database;
    // Its statement is done, and its end is not there yet: it holds every lock that a commit takes.
    slow.query = <R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) =>
      name !== 'commit_batch'
        ? inner.query<R>(name, text, values)
        : inner.transaction(async (transaction) => {
            const rows = await transaction.query<R>(name, text, values);
            await gate.promise;
            return rows;
          });
    await start(slow);
    const writing = send(directory, user(70));
    await eventually(
      async () => (await locks("granted and mode = 'RowExclusiveLock' and relation = 'users'::regclass")) > 0,
    );
    const rebuilding = rebuilt();
    await eventually(
      async () => (await locks("not granted and mode like '%ExclusiveLock' and relation is not null")) > 0,
    );
    gate.resolve(undefined);
    expect(await rebuilding).toMatchObject({ state: 'done', differenceCount: 0 });
    expect(await writing).toMatchObject([{ outcome: 'done' }]);
    expect(await rebuilt(true)).toMatchObject({ differenceCount: 0, rows: { users: 31 } });
    await engine.stop();
    await inner.close();
  });

  it('is done by one at a time, and once for each run', async () => {
    await eventfulDirectory();
    const other = openDatabase({ url: place.url, schema: SCHEMA });
    const [here, there] = [new Rebuilds(database, new FailPoints()), new Rebuilds(other, new FailPoints())];
    const [first, second] = [randomUUID(), randomUUID()];
    await here.begin(first, false);
    expect(await ended(there, first)).toMatchObject({ state: 'done' });
    expect(await there.begin(first, false)).toMatchObject({ run: first, state: 'done' });

    // An instance that is still at it, as another one sees it.
    await other.session(async (session) => {
      await session.query('', 'select pg_advisory_lock($1, $2)', LOCK);
      await expect(here.begin(second, false)).rejects.toThrow(RebuildUnderWay);
      expect(await here.find(second)).toBeNull();
    });
    await here.begin(second, true);
    expect(await ended(there, second)).toMatchObject({ state: 'done', differenceCount: 0 });
    await other.close();
  });

  it.each(['mid_rebuild', 'mid_swap'])('that fails at %s leaves everything as it was', async (point) => {
    await eventfulDirectory();
    const [before, tablesBefore] = [await readModel(), await tables()];
    expect(await rebuilt(false, `${point}:throw`)).toMatchObject({
      state: 'failed',
      error: `failed at ${point}, as it was told to`,
    });
    expect(await readModel()).toEqual(before);
    expect(await tables()).toEqual(tablesBefore);
    expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 0 });
  });

  it('refuses events that contradict one another', async () => {
    await eventfulDirectory();
    await database.query('', 'update event set version = version + 1 where entity_id = $1 and version = 2', [
      userId(1),
    ]);
    expect(await rebuilt()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/does not follow from those before it: it is version 3 of .* where 2 would come/),
    });
  });

  it('ends with its service', async () => {
    await eventfulDirectory();
    const rebuilds = new Rebuilds(database, new FailPoints());
    const run = randomUUID();
    await rebuilds.begin(run, false);
    await rebuilds.stop();
    expect(['failed', 'done']).toContain((await rebuilds.find(run))?.state);
    expect(await rebuilt()).toMatchObject({ state: 'done', differenceCount: 0 });
  });

  it('knows every table: made again, or kept', async () => {
    const kept = ['command_result', 'event', 'migration', 'partition_owner', 'rebuild', 'system'];
    expect((await tables()).map(({ name }) => name)).toEqual([...TABLES, ...kept].sort());
  });
});
