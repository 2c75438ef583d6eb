import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { busContract, type BusUnderTest, PARTITIONS } from '../../messaging/src/bus.contract.js';
import { eventually, startKafka, type TestKafka } from '#libs/testing';
import { connectKafka, type KafkaBus } from './connect-kafka.js';
import { RequestQueue } from './kafkajs-internals.js';

let kafka: TestKafka;
let admin: Admin;
let connected: KafkaBus;
let bus: BusUnderTest;

beforeAll(async () => {
  kafka = await startKafka();
  connected = await connectKafka({
    brokers: [kafka.brokers],
    clientId: 'contract',
    partitions: PARTITIONS,
    topics: [],
  });
  admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const newTopic = async (kind: 'log' | 'table') => {
    const topic = `${kind}-${randomUUID()}`;
    const configEntries = kind === 'table' ? [{ name: 'cleanup.policy', value: 'compact' }] : [];
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1, configEntries }],
    });
    return topic;
  };
  bus = { ...connected, newTopic };
});

afterAll(async () => {
  await admin.disconnect();
  await connected.close();
  await kafka.stop();
});

describe('the bus on Kafka', () => busContract(() => bus));

describe('a connection to Kafka', () => {
  it('is refused when a topic has another number of partitions than the system', async () => {
    const name = await bus.newTopic('log');
    const connecting = connectKafka({
      brokers: [kafka.brokers],
      clientId: 'other',
      partitions: PARTITIONS + 1,
      topics: [{ name, partitions: 'system' }],
    });
    await expect(connecting).rejects.toThrow(/has 4 partitions and not 5: set PARTITIONS/);
  });

  it('says in a sentence that no broker answers', async () => {
    const connecting = connectKafka({
      brokers: ['127.0.0.1:1'],
      clientId: 'x',
      partitions: 1,
      topics: [],
      patienceMs: 1,
    });
    await expect(connecting).rejects.toThrow(/No Kafka broker answers at 127\.0\.0\.1:1/);
  });

  it('does not spin on Node 24', async () => {
    const topic = await bus.newTopic('log');
    const { prototype } = RequestQueue;
    const real = prototype.checkPendingRequests;
    let looks = 0;
    prototype.checkPendingRequests = function (this: typeof prototype) {
      looks += 1;
      real.call(this);
    };
    try {
      await bus.commands.send(topic, [{ key: 'd', value: 'wakes the connection' }]);
      looks = 0;
      // At rest a connection is looked at when an answer comes; by kafkajs's own timer a thousand times a second.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(looks).toBeLessThan(50);
    } finally {
      prototype.checkPendingRequests = real;
    }
  });
});

describe('what a writer left open when it died', () => {
  it('is rolled back by the next one and seen by nobody', async () => {
    const topic = await bus.newTopic('log');
    const dying = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer({
      transactionalId: `roster.${topic}.0`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await dying.connect();
    const transaction = await dying.transaction();
    await transaction.send({ topic, messages: [{ partition: 0, key: 'd', value: 'half done' }] });

    const next = await bus.changes.open(topic, 0);
    expect(await next.last()).toBe('nothing yet');
    await next.append([{ key: 'd', value: 'whole' }]);
    const got: string[] = [];
    const subscription = await bus.changes.subscribe({
      topic,
      group: randomUUID(),
      start: 'earliest',
      handle: (messages) => Promise.resolve(void got.push(...messages.map(({ value }) => value))),
      failed: () => undefined,
    });
    await eventually(() => got.length > 0);
    expect(got).toEqual(['whole']);
    expect(await next.last()).toMatchObject({ value: 'whole' });
    await subscription.close();
    await next.close();
    await dying.disconnect();
  });

  it('is rolled back even when Kafka has forgotten that it was begun', async () => {
    const topic = await bus.newTopic('log');
    const before = await bus.changes.open(topic, 0);
    const dying = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer({
      transactionalId: `roster.${topic}.0`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await dying.connect();
    const transaction = await dying.transaction();
    await withoutTelling(() => transaction.send({ topic, messages: [{ partition: 0, key: 'd', value: 'limbo' }] }));
    expect(await before.isWhole()).toBe(false);
    await before.close();

    const next = await bus.changes.open(topic, 0);
    await eventually(() => next.isWhole()); // the coordinator confirms first, and the mark follows
    expect(await next.last()).toBe('nothing yet');
    await next.append([{ key: 'd', value: 'first' }]);
    await next.append([{ key: 'd', value: 'second' }]);
    const got: string[] = [];
    const subscription = await bus.changes.subscribe({
      topic,
      group: randomUUID(),
      start: 'earliest',
      handle: (messages) => Promise.resolve(void got.push(...messages.map(({ value }) => value))),
      failed: () => undefined,
    });
    await eventually(() => got.includes('second'));
    expect(got).toEqual(['first', 'second']);
    await subscription.close();
    await next.close();
    await dying.disconnect();
  });
});

interface Coordinator {
  addPartitionsToTxn(request: object): Promise<unknown>;
}

/** A broker confirms a setting before it is in force: asks with transactions of no account until one is not refused. */
async function untilTaken(topic: string): Promise<void> {
  await eventually(async () => {
    const probe = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer({
      transactionalId: randomUUID(),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await probe.connect();
    try {
      const transaction = await probe.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, key: 'd', value: 'of no account' }] });
      return true;
    } finally {
      await probe.disconnect();
    }
  });
}

/** Sends as part of a transaction of which the broker's coordinator knows nothing, as one that was killed at the wrong moment. */
async function withoutTelling(send: () => Promise<unknown>): Promise<void> {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/broker') as { prototype: Coordinator };
  const real = Object.getOwnPropertyDescriptor(prototype, 'addPartitionsToTxn');
  if (real === undefined) throw new Error('this version of kafkajs is not the one that the test is made for');
  const verify = (value: 'true' | 'false') =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.BROKER,
          name: '1',
          configEntries: [{ name: 'transaction.partition.verification.enable', value }],
        },
      ],
    });
  await verify('false');
  Object.defineProperty(prototype, 'addPartitionsToTxn', { ...real, value: () => Promise.resolve({}) });
  try {
    await untilTaken(await bus.newTopic('log'));
    await send();
  } finally {
    Object.defineProperty(prototype, 'addPartitionsToTxn', real);
    await verify('true');
  }
}
