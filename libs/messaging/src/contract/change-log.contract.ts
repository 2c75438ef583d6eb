import { randomUUID } from 'node:crypto';
import { eventually } from '#libs/testing';
import type { ChangeWriter } from '../change-log.js';
import type { Received, Subscription } from '../message.js';
import type { BusUnderTest } from './bus-under-test.contract.js';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ key: 'a directory', value: String(from + index) }));

export function changeLogContract(bus: () => BusUnderTest): void {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  async function writer(topic: string, partition = 0): Promise<ChangeWriter> {
    const opened = await bus().changes.open(topic, partition);
    open.push(opened);
    return opened;
  }

  async function subscriber(topic: string, group: string = randomUUID(), start: 'earliest' | 'latest' = 'earliest') {
    const got: Received[] = [];
    const subscription: Subscription = await bus().changes.subscribe({
      topic,
      group,
      start,
      handle: (messages) => Promise.resolve(void got.push(...messages)),
      failed: (error) => {
        throw error;
      },
    });
    open.push(subscription);
    return { got, subscription };
  }

  const values = (messages: readonly Received[]) => messages.map(({ value }) => value);

  it('brings what was appended to a subscriber, in order, early or late', async () => {
    const topic = await bus().newTopic('log');
    const early = await subscriber(topic);
    const log = await writer(topic);
    await log.append(numbered(1, 3));
    await log.append(numbered(4, 5));
    const late = await subscriber(topic);
    for (const { got } of [early, late]) {
      await eventually(() => got.length === 5);
      expect(values(got)).toEqual(['1', '2', '3', '4', '5']);
    }
  });

  it('tells a new writer what came last', async () => {
    const topic = await bus().newTopic('log');
    const one = await writer(topic, 2);
    expect(await one.last()).toEqual(expect.any(String));
    await one.append(numbered(1, 700));
    const two = await writer(topic, 2);
    expect(await two.last()).toMatchObject({ value: '700', partition: 2 });
    expect(await (await writer(topic, 3)).last()).toEqual(expect.any(String));
  });

  it('shuts an earlier writer out', async () => {
    const topic = await bus().newTopic('log');
    const old = await writer(topic);
    await old.append(numbered(1, 1));
    const current = await writer(topic);
    await expect(old.append([{ key: 'a directory', value: 'from the dead' }])).rejects.toThrow();
    await current.append(numbered(2, 2));
    await expect(old.append([{ key: 'a directory', value: 'from the dead' }])).rejects.toThrow();
    await current.append(numbered(3, 3));
    const { got } = await subscriber(topic);
    await eventually(() => got.length === 3);
    expect(values(got)).toEqual(['1', '2', '3']);
    expect(await current.last()).toMatchObject({ value: '3' });
  });

  it('goes on where the group had got to', async () => {
    const topic = await bus().newTopic('log');
    const group = randomUUID();
    const log = await writer(topic);
    const one = await subscriber(topic, group);
    await log.append(numbered(1, 2));
    await eventually(() => one.got.length === 2);
    await one.subscription.close();
    await log.append(numbered(3, 4));
    const two = await subscriber(topic, group);
    await eventually(() => two.got.length === 2);
    expect(values(two.got)).toEqual(['3', '4']);
  });

  it('skips what was there when a group starts with the newest', async () => {
    const topic = await bus().newTopic('log');
    const log = await writer(topic);
    await log.append(numbered(1, 2));
    const { got } = await subscriber(topic, randomUUID(), 'latest');
    await log.append(numbered(3, 3));
    await eventually(() => got.length === 1);
    expect(values(got)).toEqual(['3']);
  });
}
