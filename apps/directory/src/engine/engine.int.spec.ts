import { randomUUID } from 'node:crypto';
import { type CommandReply, commandReply, type DirectoryCommand, publicEvent, topics } from '#libs/contracts';
import {
  type ChangeWriter,
  InProcessChangeLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  InProcessStateTable,
  type Message,
  type Received,
} from '#libs/messaging';
import { Database, migrate, openDatabase } from '#libs/postgres';
import type { MemberOperation } from '#libs/scim';
import { SystemClock } from '#libs/service';
import { eventually, freshDatabase, startPostgres, type TestPostgres } from '#libs/testing';
import { SchemaStates } from '../schema/schema-states.js';
import { directoryMigrations } from '../store/migrations.js';
import type { Decided } from './batch.js';
import { commit, Fenced, type OwnerStep } from './commit.js';
import { Engine } from './engine.js';
import { Touched } from './evolve.js';
import { FailPoints } from './fail-points.js';
import { claim, fixPartitions, outcomeOf } from './owners.js';
import { Publisher } from './publisher.js';
import { World } from './world.js';

const PARTITIONS = 4;
const SCHEMA = 'public';
const INSTANCE = 'asker';

let postgres: TestPostgres;
let place: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let log: InProcessCommandLog;
let changes: InProcessChangeLog;
let replies: InProcessReplyChannel;
let states: InProcessStateTable;
let heard: Map<string, CommandReply[]>;
const engines: Engine[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  place = await freshDatabase(postgres.adminUrl);
  database = openDatabase({ url: place.url, schema: SCHEMA });
  await migrate({ url: place.url, schema: SCHEMA, migrations: directoryMigrations });
  await fixPartitions(database, PARTITIONS);
  log = new InProcessCommandLog(PARTITIONS);
  changes = new InProcessChangeLog();
  replies = new InProcessReplyChannel(() => Date.now());
  states = new InProcessStateTable(() => Date.now());
  heard = new Map();
  await replies.listen(INSTANCE, ({ requestId, value }) => {
    heard.set(requestId, [...(heard.get(requestId) ?? []), commandReply.parse(JSON.parse(value))]);
  });
});

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await database.close();
  await place.drop();
});

/** Confirms what its first writer appends, and holds nothing of it: a broker that was killed before it wrote the mark. */
class ForgetfulChangeLog extends InProcessChangeLog {
  private hasForgotten = false;

  override async open(topic: string, partition: number): Promise<ChangeWriter> {
    const writer = await super.open(topic, partition);
    if (this.hasForgotten) return writer;
    let holdsUnmarked = false;
    return {
      last: () => writer.last(),
      append: () => {
        this.hasForgotten = holdsUnmarked = true;
        return Promise.resolve();
      },
      isWhole: () => Promise.resolve(!holdsUnmarked),
      close: () => writer.close(),
    };
  }
}

async function start(own: Database = database): Promise<Engine> {
  const failPoints = new FailPoints();
  const publisher = new Publisher(changes, own, failPoints);
  const schemas = new SchemaStates(own, states);
  const engine = new Engine(log, replies, own, publisher, new SystemClock(), failPoints, schemas);
  engines.push(engine);
  await engine.start();
  return engine;
}

function request(directory: string, data: DirectoryCommand, id: string = randomUUID()): Message & { id: string } {
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
    replyTo: INSTANCE,
    deadline: new Date(Date.now() + 60_000).toISOString(),
  });
  return { key: directory, value, id };
}

const user = (userName: string, more: object = {}): DirectoryCommand => ({
  do: 'create-user',
  id: randomUUID(),
  attributes: { userName, active: true, ...more },
});

async function send(...messages: (Message & { id: string })[]): Promise<(CommandReply | undefined)[]> {
  await log.send(topics.directoryCommands.name, messages);
  return answersTo(...messages);
}

async function answersTo(...messages: { id: string }[]): Promise<(CommandReply | undefined)[]> {
  await eventually(() => messages.every(({ id }) => heard.has(id)));
  return messages.map(({ id }) => heard.get(id)?.at(-1));
}

async function newDirectory(): Promise<string> {
  const directory = randomUUID();
  const [reply] = await send(request(directory, { do: 'create-directory', name: directory }));
  expect(reply).toMatchObject({ outcome: 'done' });
  return directory;
}

const count = async (what: string) =>
  (await database.query<{ n: number }>(`count ${what}`, `select count(*)::int as n from ${what}`))[0]?.n;

/** What is on the public topic, once this many events are. */
async function published(expected: number): Promise<Received[]> {
  const got: Received[] = [];
  const subscription = await changes.subscribe({
    topic: topics.directoryEvents.name,
    group: randomUUID(),
    start: 'earliest',
    handle: (messages) => Promise.resolve(void got.push(...messages)),
    failed: (error) => {
      throw error;
    },
  });
  await eventually(() => got.length >= expected);
  await subscription.close();
  return got;
}

describe('a command that comes twice', () => {
  it('is done once and answered twice with the same, in one batch or later', async () => {
    await start();
    const directory = await newDirectory();
    const once = request(directory, user('ada@example.com'));
    const [first] = await send(once, once);
    await log.send(topics.directoryCommands.name, [once]);
    await eventually(() => heard.get(once.id)?.length === 2);
    const later = heard.get(once.id)?.at(-1);
    expect(first).toMatchObject({ outcome: 'done', resource: { version: 1 } });
    expect(later).toEqual(first);
    expect(await count('users')).toBe(1);
    expect(await count('event')).toBe(2);
  });
});

describe('a log that hands over again what was read', () => {
  /** Hands all of it to a new reader once more, before what is new. */
  class Careless extends InProcessCommandLog {
    private readonly handed: Received[] = [];

    override consume(options: Parameters<InProcessCommandLog['consume']>[0]) {
      let again = [...this.handed];
      const receive = async (messages: readonly Received[]) => {
        await options.receive([...again, ...messages]);
        again = [];
        this.handed.push(...messages);
      };
      return super.consume({ ...options, receive });
    }
  }

  it('is not followed back: what was committed is neither done nor answered again', async () => {
    log = new Careless(PARTITIONS);
    const first = await start();
    const directory = await newDirectory();
    const before = request(directory, user('ada@example.com'));
    await send(before);
    await first.stop();
    await start();
    const [reply] = await send(request(directory, user('bob@example.com')));
    expect(reply).toMatchObject({ outcome: 'done' });
    expect(heard.get(before.id)).toHaveLength(1);
    expect(await count('event')).toBe(3);
  });
});

describe('a batch with a command that the database cannot take', () => {
  it('does the others and answers that one', async () => {
    await start();
    const directory = await newDirectory();
    const good = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => request(directory, user(`${name}@example.com`)));
    const bad = request(directory, user('nul@example.com', { displayName: 'a\u0000b' }));
    const replies = await send(...good.slice(0, 3), bad, ...good.slice(3));
    expect(replies.map((reply) => reply?.outcome)).toEqual([
      'done',
      'done',
      'done',
      'hindered',
      'done',
      'done',
      'done',
    ]);
    expect(await count('users')).toBe(6);
    const [next] = await send(request(directory, user('g@example.com')));
    expect(next).toMatchObject({ outcome: 'done' });
  });
});

describe('the members of a group', () => {
  it('that one batch adds and then clears or replaces are gone as if they had come in batches of their own', async () => {
    await start();
    const directory = await newDirectory();
    const users = Array.from({ length: 20 }, (_, at) => user(`${at}@example.com`));
    const ids = users.flatMap((command) => ('id' in command ? command.id : []));
    const [first = '', second = '', third = ''] = ids;
    const group = randomUUID();
    const attributes = { displayName: 'G' };
    const creation = request(directory, { do: 'create-group', id: group, attributes, members: [] });
    await send(...users.map((command) => request(directory, command)), creation);
    const change = (...members: MemberOperation[]) =>
      request(directory, { do: 'patch-group', id: group, operations: [], members });
    const now = async () =>
      (await database.query<{ member_id: string }>('now', 'select member_id from group_member')).map(
        ({ member_id }) => member_id,
      );

    await send(
      change({ do: 'add', ids: [first, second] }),
      change({ do: 'clear' }),
      change({ do: 'add', ids: [third] }),
    );
    expect(await now()).toEqual([third]);
    await send(change({ do: 'add', ids }), change({ do: 'replace', ids: [second] }));
    expect(await now()).toEqual([second]);
    await send(change({ do: 'add', ids }));
    // Nobody that leaves is named by this command.
    const [reply] = await send(change({ do: 'clear' }));
    expect([reply?.outcome, await now()]).toEqual(['done', []]);
  });
});

describe('a schema of a directory', () => {
  const URN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
  const floor: DirectoryCommand = {
    do: 'extend-schema',
    urn: URN,
    resourceType: 'User',
    attribute: { name: 'floor', type: 'integer' },
  };
  const told = async (directory: string): Promise<unknown> =>
    JSON.parse((await states.snapshot(topics.directoryState.name)).get(directory) ?? 'null');

  it('is told to gateways before the answer, and holds for the next command of the batch', async () => {
    await start();
    const directory = await newDirectory();
    const id = randomUUID();
    const create = { ...user('ada@example.com'), id } as DirectoryCommand;
    const operations = [{ op: 'add', path: { extension: URN, attribute: 'floor' }, value: 3 } as const];
    const batch = [create, floor, { do: 'patch-user', id, operations } as const].map((each) =>
      request(directory, each),
    );
    const [, , patched] = await send(...batch);
    expect(patched).toMatchObject({ outcome: 'done', resource: { attributes: { [URN]: { floor: 3 } } } });
    expect(await told(directory)).toMatchObject({ version: 1, extensions: [{ id: URN, resourceType: 'User' }] });
    expect(await count('directory_schema')).toBe(1);
  });

  it('is told as soon as the log takes it again, and its answer does not wait for that', async () => {
    const put = states.put.bind(states);
    let isAway = true;
    states.put = (...args) => (isAway ? Promise.reject(new Error('the broker is away')) : put(...args));
    await start();
    const directory = await newDirectory();
    const [reply] = await send(request(directory, floor));
    expect(reply).toMatchObject({ outcome: 'done' });
    expect(await told(directory)).toBeNull();
    isAway = false;
    await eventually(async () => (await told(directory)) !== null);
  });

  it('is told by the next owner when its own died before it did, or when the table is gone', async () => {
    const first = await start();
    const directory = await newDirectory();
    await send(request(directory, floor));
    await first.stop();
    states = new InProcessStateTable(() => Date.now());
    await start();
    await eventually(async () => (await told(directory)) !== null);
  });
});

describe('an owner whose partitions were claimed by another', () => {
  it('writes nothing until it has claimed them again', async () => {
    const engine = await start();
    const directory = await newDirectory();
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const claimed = await claim(database, partitions);
    const late = request(directory, user('late@example.com'));
    await log.send(topics.directoryCommands.name, [late]);
    await eventually(async () => {
      const [owner] = await database.query<{ epoch: number }>('epoch', 'select epoch from partition_owner limit 1');
      return (owner?.epoch ?? 0) > (claimed[0]?.epoch ?? 0); // it noticed, and claimed again
    });
    const [reply] = await answersTo(late);
    expect(reply).toMatchObject({ outcome: 'done' });
    expect(heard.get(late.id)).toHaveLength(1);
    expect(await count('users')).toBe(1);
    expect(engine.problem()).toBeUndefined();
  });
});

describe('a connection that breaks while a commit is under way', () => {
  /** A database whose connection is lost right after the commit, or right before it. */
  class Breaking extends Database {
    breaks: 'after' | 'before' | undefined;

    override async query<R extends Record<string, unknown>>(name: string, text: string, values?: readonly unknown[]) {
      const breaks = name === 'commit_batch' ? this.breaks : undefined;
      if (breaks !== undefined) this.breaks = undefined;
      if (breaks === 'before') throw new Error('Connection terminated unexpectedly');
      const rows = await super.query<R>(name, text, values);
      if (breaks === 'after') throw new Error('Connection terminated unexpectedly');
      return rows;
    }
  }

  it.each(['after', 'before'] as const)('is done once and answered once when it breaks %s the commit', async (when) => {
    const inner = openDatabase({ url: place.url, schema: SCHEMA });
    const breaking = Object.assign(Object.create(Breaking.prototype) as Breaking, inner);
    await start(breaking);
    const directory = await newDirectory();
    breaking.breaks = when;
    const asked = request(directory, user('ada@example.com'));
    const [reply] = await send(asked);
    expect(reply).toMatchObject({ outcome: 'done' });
    expect(heard.get(asked.id)).toHaveLength(1);
    expect(await count('users')).toBe(1);
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
    await inner.close();
  });
});

describe('a commit', () => {
  const nothing: Decided = {
    world: new World(),
    touched: new Touched(),
    events: [],
    answers: [],
    now: '2026-01-01T00:00Z',
  };

  it.each([
    ['epoch', { epoch: -1 }],
    ['offset', { expectedOffset: 4n }],
    ['position', { expectedPosition: 7 }],
  ])('by an owner that is wrong about the %s of one partition is refused for all', async (_what, wrong) => {
    const owned = await claim(database, [0, 1]);
    const right = owned.map(({ partition, epoch }) => ({
      partition,
      epoch,
      expectedOffset: null,
      nextOffset: 9n,
      expectedPosition: 0,
      lastPosition: 0,
    }));
    const [first, ...rest] = right;
    await expect(commit(database, [{ ...first, ...wrong } as OwnerStep, ...rest], nothing)).rejects.toThrow(Fenced);
    expect(await count('partition_owner where next_offset is not null')).toBe(0);
    await commit(database, right, nothing);
    expect(await count('partition_owner where next_offset = 9')).toBe(2);
  });
});

describe('the fate of a commit', () => {
  it('is told by the owner rows', async () => {
    const [owned] = await claim(database, [0]);
    const step = {
      partition: 0,
      epoch: owned?.epoch ?? 0,
      expectedOffset: null,
      nextOffset: 5n,
      expectedPosition: 0,
      lastPosition: 3,
    };
    expect(await outcomeOf(database, [step])).toBe('not committed');
    await database.query('move', 'update partition_owner set next_offset = 5, last_position = 3 where partition = 0');
    expect(await outcomeOf(database, [step])).toBe('committed');
    await claim(database, [0]);
    expect(await outcomeOf(database, [step])).toBe('fenced');
  });
});

describe('the publisher of a partition that is taken over', () => {
  it('goes on after what the topic holds, whatever the table believes', async () => {
    const first = await start();
    const directory = await newDirectory();
    await send(request(directory, user('ada@example.com')), request(directory, user('bob@example.com')));
    await published(3);
    await first.stop();
    // As after a crash between the topic's commit and the table's note of it.
    await database.query('forget', 'update partition_owner set published_position = 0');
    await start();
    await send(request(directory, user('eve@example.com')));
    const positions = (await published(4)).map(({ value }) => publicEvent.parse(JSON.parse(value)).position);
    expect(positions).toEqual([1, 2, 3, 4]);
  });
});

describe('a partition at rest', () => {
  it('publishes again what the log confirmed and then forgot, without a further change', async () => {
    changes = new ForgetfulChangeLog();
    await start();
    await newDirectory();
    expect(await published(1)).toHaveLength(1);
  });
});

describe('the number of partitions', () => {
  it('is fixed when the system is first set up', async () => {
    await expect(fixPartitions(database, PARTITIONS + 1)).rejects.toThrow(/set up with 4 partitions.*PARTITIONS=4/);
  });
});
