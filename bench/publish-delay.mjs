// From the acknowledgement of a create to its event in a subscriber's hands, at a pace that leaves the machine room.
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../dist/libs/testing/src/index.js';

const CREATES = 1_000;
const PER_SECOND = 200;

/** Gives p50 and p99 in milliseconds; below zero means that the event came before the answer. */
export async function publishDelay({ url, token, brokers }) {
  const seen = new Map();
  const groupId = `bench-${Math.random()}`;
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: 'directory.events', fromBeginning: false });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      const now = performance.now();
      for (const { value } of batch.messages) seen.set(JSON.parse(value).subject, now);
    },
  });
  const create = async (index) => {
    const userName = `delay-${groupId}-${index}@example.com`;
    const answer = await fetch(`${url}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName }),
    });
    const { id } = await answer.json();
    return { id, at: performance.now() };
  };
  // The group has to have been joined before the first event that counts.
  await eventually(async () => seen.has((await create(`first-${Math.random()}`)).id) || seen.size > 0, {
    timeoutMs: 20_000,
  });
  const acknowledged = [];
  for (let index = 0; index < CREATES; index += 1) {
    acknowledged.push(create(index));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / PER_SECOND));
  }
  const all = await Promise.all(acknowledged);
  await eventually(() => all.every(({ id }) => seen.has(id)), { timeoutMs: 20_000 });
  await consumer.disconnect();
  const delays = all.map(({ id, at }) => seen.get(id) - at).sort((left, right) => left - right);
  const part = (share) => Number(delays[Math.floor(delays.length * share)].toFixed(2));
  return { p50: part(0.5), p99: part(0.99) };
}
