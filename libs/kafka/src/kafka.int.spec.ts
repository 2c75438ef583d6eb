import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { busContract, type BusUnderTest, PARTITIONS } from '../../messaging/src/bus.contract.js';
import { startKafka, type TestKafka } from '#libs/testing';
import { connectKafka, type KafkaBus } from './connect-kafka.js';

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
