import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import type { PublicEvent } from '#libs/contracts';
import { eventually, startKafka, type TestKafka } from '#libs/testing';
import { subscribe, type SubscribeOptions, type Subscription } from './index.js';

let kafka: TestKafka;
let client: Kafka;
let admin: Admin;
let producer: Producer;
let topic: string;
const open: Subscription[] = [];

beforeAll(async () => {
  kafka = await startKafka();
  client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  admin = client.admin();
  await admin.connect();
  producer = client.producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
});

beforeEach(async () => {
  topic = `events-${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }], waitForLeaders: true });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.close()));
});

afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
  await kafka.stop();
});

const ADA = randomUUID();
const BOB = randomUUID();

/** The n-th event of a partition that one directory has for itself. */
function event(place: number, changes: Partial<PublicEvent> = {}): PublicEvent {
  return {
    specversion: '1.0',
    id: `event-${place}`,
    source: `/directories/${ADA}`,
    type: 'directory.user.created.v1',
    subject: randomUUID(),
    time: '2026-11-24T08:00:00.000Z',
    datacontenttype: 'application/json',
    directory: ADA,
    sequence: place,
    partition: 0,
    position: place,
    version: 1,
    correlationid: randomUUID(),
    data: { resource: { userName: `user-${place}` }, actor: { kind: 'key', id: 'k' } },
    ...changes,
  };
}

const events = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => event(first + index));

async function append(news: readonly object[], end: 'commit' | 'abort' = 'commit'): Promise<void> {
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: news.map((value) => ({ key: ADA, value: JSON.stringify(value) })) });
  await transaction[end]();
}

async function follow(groupId: string, changes: Partial<SubscribeOptions> = {}) {
  const seen: number[] = [];
  const failures: unknown[] = [];
  const subscription = await subscribe({
    brokers: [kafka.brokers],
    groupId,
    topic,
    from: 'earliest',
    failed: (error) => failures.push(error),
    ...changes,
    async handle(news) {
      await changes.handle?.(news);
      seen.push(news.position);
    },
  });
  const stopped = subscription.ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  open.push(subscription);
  return { seen, failures, stopped, close: () => subscription.close() };
}

describe('a subscriber', () => {
  it('is given every event once and in order, and drops what is repeated', async () => {
    await append(events(1, 5));
    const { seen } = await follow(randomUUID());
    await append([...events(4, 5), ...events(6, 8)]);
    await eventually(() => seen.length === 8);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stops at a gap, says so, and stops there again when it is started again', async () => {
    await append([...events(1, 3), ...events(5, 6)]);
    const groupId = randomUUID();
    for (const expected of [[1, 2, 3], []]) {
      const { seen, stopped } = await follow(groupId);
      expect(await stopped).toMatchObject({
        name: 'SubscriptionStopped',
        code: 'gap',
        message: expect.stringMatching(/Expected position 4; came position 5 .*1 are missing.*new groupId/),
      });
      expect(seen).toEqual(expected);
    }
  });

  it('goes on where it has committed', async () => {
    await append(events(1, 10));
    const groupId = randomUUID();
    const first = await follow(groupId, {
      handle({ position }) {
        if (position === 6) void first.close();
      },
    });
    await eventually(() => first.seen.length === 6);
    await first.stopped;
    const second = await follow(groupId);
    await eventually(() => second.seen.length === 4);
    expect([...first.seen, ...second.seen]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('does not see what was rolled back', async () => {
    await append(events(1, 2));
    await append(
      events(3, 4).map((one) => ({ ...one, id: 'rolled back' })),
      'abort',
    );
    const { seen, stopped } = await follow(randomUUID());
    await append(events(3, 4));
    await eventually(() => seen.length === 4);
    expect(seen).toEqual([1, 2, 3, 4]);
    await append([event(6)]);
    expect(await stopped).toMatchObject({ code: 'gap' });
  });

  it('is given the same event again when its handler has failed, and commits nothing before', async () => {
    await append(events(1, 3));
    const groupId = randomUUID();
    const tried: number[] = [];
    const { seen, failures } = await follow(groupId, {
      handle({ position }) {
        tried.push(position);
        if (position === 2 && tried.length < 4) throw new Error('the copy is away');
      },
    });
    await eventually(() => seen.length === 3);
    expect(tried).toEqual([1, 2, 2, 2, 3]);
    expect(failures).toEqual([new Error('the copy is away'), new Error('the copy is away')]);
  });

  it('is given an event again that it could not finish before it was started again', async () => {
    await append(events(1, 3));
    const groupId = randomUUID();
    const never = await follow(groupId, {
      handle: ({ position }) => (position === 2 ? Promise.reject('no') : undefined),
    });
    await eventually(() => never.failures.length > 0);
    await never.close();
    const second = await follow(groupId);
    await eventually(() => second.seen.length === 2);
    expect([...never.seen, ...second.seen]).toEqual([1, 2, 3]);
  });

  it('begins with what comes after, if it says latest, also after a restart before the first event', async () => {
    await append(events(1, 3));
    const groupId = randomUUID();
    await (await follow(groupId, { from: 'latest' })).close();
    await append(events(4, 5));
    const { seen } = await follow(groupId, { from: 'latest' });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([4, 5]);
  });

  it('follows one directory from its first event on, and proves that it has all of it', async () => {
    const others = [9, 10].map((position) => event(position, { directory: BOB, sequence: position }));
    const own = [11, 12].map((position) => event(position, { sequence: position - 10 }));
    await append([...others, ...own]);
    const groupId = randomUUID();
    const first = await follow(groupId, { directory: ADA });
    await eventually(() => first.seen.length === 2);
    await first.close();
    await append([event(13, { directory: BOB, sequence: 11 }), event(14, { sequence: 4 })]);
    const second = await follow(groupId, { directory: ADA });
    expect(await second.stopped).toMatchObject({
      message: expect.stringContaining(`Expected sequence 3 of directory ${ADA}`),
    });
    await expect(follow(groupId, { directory: BOB })).rejects.toMatchObject({ code: 'foreign-group' });
  });

  it('stops at an event of a type that came later than itself, or skips it when told so', async () => {
    await append([event(1), { ...event(2), type: 'directory.user.renamed.v1' }, event(3)]);
    expect(await (await follow(randomUUID())).stopped).toMatchObject({ code: 'unreadable' });
    const { seen } = await follow(randomUUID(), { unknownTypes: 'skip' });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([1, 3]);
  });

  it('hands its work over when another process of the group comes, and nothing is handled twice', async () => {
    await append(events(1, 50));
    const groupId = randomUUID();
    const first = await follow(groupId);
    await eventually(() => first.seen.length === 50);
    const second = await follow(groupId);
    await append(events(51, 60));
    await eventually(() => first.seen.length + second.seen.length === 60);
    await Promise.all([first.close(), second.close()]);
    expect([...first.seen, ...second.seen].sort((a, b) => a - b)).toEqual(events(1, 60).map((one) => one.position));
  });
});
