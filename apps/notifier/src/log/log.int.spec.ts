import { randomUUID } from 'node:crypto';
import type { Activity } from '#libs/contracts';
import { type Database, openDatabase } from '#libs/postgres';
import { Clock } from '#libs/service';
import { freshDatabase } from '#libs/testing';
import { RecordActivities, RecordActivitiesHandler } from '../activity/activity.handler.js';
import { Incidents } from '../incident/incidents.js';
import { NOTIFIER_SCHEMA, NotifierSchema } from '../notifier.schema.js';
import { type Change, keepCaused } from './caused.js';
import { LogKeeper } from './log.keeper.js';
import { FindLog, FindLogHandler, ShowLog, ShowLogHandler } from './log.queries.js';

const acme = '0197a000-0000-7000-8000-000000000001';
const DAYS_KEPT = 30;
const start = new Date('2026-03-01T10:00:00Z');

class SetClock extends Clock {
  at = start;
  now(): Date {
    return this.at;
  }
}

let place: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let schema: NotifierSchema;
let clock: SetClock;
let keeper: LogKeeper;
let record: (heard: readonly ReturnType<typeof request>[]) => Promise<void>;
let find: FindLogHandler;

beforeEach(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  database = openDatabase({ url: place.url, schema: NOTIFIER_SCHEMA, poolMax: 2 });
  await database.query('schema_make', `create schema ${NOTIFIER_SCHEMA}`);
  clock = new SetClock();
  schema = new NotifierSchema(place.url, database);
  keeper = new LogKeeper(database, clock, schema, DAYS_KEPT);
  await keeper.onModuleInit();
  const handler = new RecordActivitiesHandler(database, keeper, new Incidents(), clock);
  record = (heard) => handler.execute(new RecordActivities(heard));
  find = new FindLogHandler(database);
});

afterEach(async () => {
  keeper.beforeApplicationShutdown();
  await database.close();
  await place.drop();
});

function request(
  data: Partial<Activity> = {},
  { at = start, directory = acme, id = randomUUID() }: { at?: Date; directory?: string | null; id?: string } = {},
) {
  return {
    id,
    type: 'provisioning.activity',
    schemaVersion: 1 as const,
    time: at.toISOString(),
    correlationId: `request-${id}`,
    causationId: null,
    actor: { kind: 'key' as const, id: 'k3y0000001' },
    directory,
    data: {
      keyId: 'k3y0000001',
      method: 'POST',
      path: '/v2/Users',
      resourceType: 'User' as const,
      target: 'ada@example.com',
      status: 201,
      scimType: null,
      detail: null,
      durationMs: 2.5,
      request: null,
      ...data,
    },
  };
}

const wish = { since: '2026-01-01T00:00:00.000Z', isNewestFirst: false, limit: 100 };
const found = (more: object = {}, directory: string | null = acme) =>
  find.execute(new FindLog(directory, { ...wish, ...more }));
const days = async () =>
  (
    await database.query<{ name: string }>(
      'days',
      `select relname as name from pg_class where relname ~ '^(activity|caused)_[0-9]+$' order by 1`,
    )
  ).map(({ name }) => name);

describe('the provisioning log', () => {
  it('keeps every request once, however often it is handed over', async () => {
    const heard = [request(), request({ method: 'GET', status: 200 }), request({ status: 401 }, { directory: null })];
    await record(heard);
    await record(heard);
    expect(await found()).toHaveLength(2);
    expect(await found({}, null)).toMatchObject([{ status: 401, directory: null }]);
  });

  it('finds by time, result, resource, target and key, and page by page', async () => {
    const later = new Date('2026-03-01T10:00:05Z');
    await record([
      request({ target: 'Ada@Example.com' }),
      request({ target: 'bob', status: 409, scimType: 'uniqueness' }, { at: later }),
      request({ target: 'group', resourceType: 'Group', keyId: 'another', status: 400 }, { at: later }),
    ]);
    expect(await found({ since: '2026-03-01T10:00:01Z' })).toHaveLength(2);
    expect(await found({ until: '2026-03-01T10:00:01Z' })).toHaveLength(1);
    expect(await found({ isFailed: true })).toHaveLength(2);
    expect(await found({ status: 409 })).toMatchObject([{ target: 'bob', failureClass: 'duplicate' }]);
    expect(await found({ resourceType: 'Group' })).toHaveLength(1);
    expect(await found({ target: 'ada@example.COM' })).toHaveLength(1);
    expect(await found({ keyId: 'another' })).toHaveLength(1);
    expect(await found({}, randomUUID())).toEqual([]);
    const all = await found();
    const [first] = all;
    const rest = await found({ after: { at: first?.at, id: first?.id }, limit: 2 });
    expect(rest).toEqual(all.slice(1));
    expect(await found({ isNewestFirst: true })).toEqual([...all].reverse());
  });

  it('shows one with its request, what it changed, and why it failed', async () => {
    const failed = request({ status: 409, scimType: 'uniqueness', request: '{"userName":"ada"}', leftOut: ['x'] });
    await record([failed]);
    const change: Change = {
      type: 'directory.user.created.v1',
      subject: 's',
      time: start.toISOString(),
      directory: acme,
      sequence: 7,
      correlationid: failed.correlationId,
    };
    await keepCaused(database, [change, { ...change, directory: randomUUID() }]);
    await keepCaused(database, [change]);
    const shown = await new ShowLogHandler(database).execute(new ShowLog(failed.id));
    expect(shown).toMatchObject({
      entry: { id: failed.id, leftOut: ['x'] },
      request: '{"userName":"ada"}',
      events: [{ sequence: 7, type: 'directory.user.created.v1', subject: 's', time: start.toISOString() }],
      cause: { title: 'The name is taken' },
    });
    await expect(new ShowLogHandler(database).execute(new ShowLog(randomUUID()))).rejects.toThrow(/no such request/);
  });

  it('keeps no secret that a path, a detail or a body quotes, and nothing that PostgreSQL cannot hold', async () => {
    const secret = 'rk_k3y0000001_0El6XFXwsUFD8J2vGxsaboW7rZYnQRBP5d9erwRwd293uTPaZ';
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const odd = 'a\0b\ud800c\r\nd';
    await record([
      request({
        path: `/v2/Users/${secret}`,
        query: `token=${jwt}`,
        detail: `Bearer ${secret}`,
        target: odd,
        request: `${odd} ${secret}`,
      }),
    ]);
    const rows = await database.query('all_of_it', 'select * from activity');
    expect(JSON.stringify(rows)).not.toMatch(/0El6XFX|eyJzdWIi/);
    expect(rows).toMatchObject([{ path: '/v2/Users/rk_…', target: 'a b c d' }]);
  });

  it('has a partition for every day, made ahead and dropped when its time is over', async () => {
    expect(await days()).toHaveLength(10);
    await record([request({}, { at: new Date('2026-02-10T10:00:00Z') })]);
    expect(await days()).toContain('activity_20260210');
    clock.at = new Date('2026-03-13T00:00:01Z');
    await keeper.tend();
    expect(await days()).not.toContain('activity_20260210');
    expect(await days()).toEqual(expect.arrayContaining(['activity_20260228', 'activity_20260316', 'caused_20260316']));
    expect(await found()).toEqual([]);
  });

  it('takes nothing of a time that it does not keep any more', async () => {
    await record([request({}, { at: new Date('2026-01-01T10:00:00Z') })]);
    expect(await found()).toEqual([]);
  });
});
