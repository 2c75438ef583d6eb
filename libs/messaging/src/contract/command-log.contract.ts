import { randomUUID } from 'node:crypto';
import { eventually } from '#libs/testing';
import type { Received, Subscription } from '../message.js';
import { type BusUnderTest, PARTITIONS } from './bus-under-test.contract.js';

const message = (key: string, value: string) => ({ key, value });
const values = (messages: readonly Received[]) => messages.map(({ value }) => value);
const nobody = (error: unknown) => {
  throw error;
};

export function commandLogContract(bus: () => BusUnderTest): void {
  const open: Subscription[] = [];
  const kept = async (subscription: Promise<Subscription>) => {
    open.push(await subscription);
    return subscription;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscription) => subscription.close()));
  });

  /** Consumes, keeping the positions as an engine does. */
  async function consumer(topic: string, positions = new Map<number, bigint>()) {
    const got: Received[] = [];
    const batches: number[] = [];
    const asked: number[][] = [];
    let before: () => Promise<void> = () => Promise.resolve();
    const failures: unknown[] = [];
    const subscription = await kept(
      bus().commands.consume({
        topic,
        group: randomUUID(),
        assigned: (partitions) => {
          asked.push([...partitions]);
          return Promise.resolve(new Map(partitions.map((partition) => [partition, positions.get(partition)])));
        },
        receive: async (messages) => {
          await before();
          got.push(...messages);
          batches.push(messages.length);
          for (const { partition, offset } of messages) positions.set(partition, offset + 1n);
        },
        failed: (error) => failures.push(error),
      }),
    );
    return { got, batches, asked, positions, failures, subscription, first: (run: typeof before) => (before = run) };
  }

  describe('consume', () => {
    it('gives a member all partitions and hands over every message, in order for each key', async () => {
      const topic = await bus().newTopic('log');
      const { got, asked } = await consumer(topic);
      expect(asked.at(-1)?.toSorted()).toEqual(Array.from({ length: PARTITIONS }, (_, partition) => partition));
      const keys = ['ada', 'bob', 'eve', 'joe', 'kim'];
      for (let round = 0; round < 20; round += 1) {
        await bus().commands.send(
          topic,
          keys.map((key) => message(key, `${key} ${round}`)),
        );
      }
      await eventually(() => got.length === 100);
      for (const key of keys) {
        const own = got.filter((one) => one.key === key);
        expect(values(own)).toEqual(Array.from({ length: 20 }, (_, round) => `${key} ${round}`));
        expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('lands a key in the partition that partitionOf tells', async () => {
      const topic = await bus().newTopic('log');
      const { got } = await consumer(topic);
      const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
      await bus().commands.send(
        topic,
        keys.map((key) => message(key, '')),
      );
      await eventually(() => got.length === keys.length);
      for (const { key, partition } of got) expect(partition).toBe(await bus().commands.partitionOf(topic, key));
    });

    it('numbers the messages of a partition one after another', async () => {
      const topic = await bus().newTopic('log');
      const { got } = await consumer(topic);
      for (let index = 0; index < 10; index += 1) await bus().commands.send(topic, [message('one key', `${index}`)]);
      await eventually(() => got.length === 10);
      const first = got[0]?.offset ?? 0n;
      expect(got.map(({ offset }) => offset)).toEqual(got.map((_, index) => first + BigInt(index)));
    });

    it('hands over in one call what came while the last call ran', async () => {
      const topic = await bus().newTopic('log');
      const { got, batches, first } = await consumer(topic);
      const { promise: go, resolve } = Promise.withResolvers<undefined>();
      first(() => go);
      for (let index = 0; index < 50; index += 1) await bus().commands.send(topic, [message(`${index}`, '')]);
      // Long enough for the log to have brought all of it; only the number of calls depends on it.
      await new Promise((later) => setTimeout(later, 500));
      resolve(undefined);
      await eventually(() => got.length === 50);
      expect(batches.length).toBeLessThan(25);
    });

    it('asks for the positions again after an error and hands over the same once more', async () => {
      const topic = await bus().newTopic('log');
      const { got, asked, failures, first } = await consumer(topic);
      const asksBefore = asked.length;
      let attempts = 0;
      first(() => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve();
      });
      await bus().commands.send(topic, [message('ada', '1'), message('ada', '2'), message('ada', '3')]);
      await eventually(() => got.length === 3);
      expect(values(got)).toEqual(['1', '2', '3']);
      expect(failures).toEqual([expect.objectContaining({ message: 'the database is away' })]);
      expect(asked.length).toBeGreaterThan(asksBefore);
    });

    it('waits in close for the call that runs, and calls no more', async () => {
      const topic = await bus().newTopic('log');
      const { got, subscription, first } = await consumer(topic);
      const { promise: go, resolve } = Promise.withResolvers<undefined>();
      let isRunning = false;
      first(() => {
        isRunning = true;
        return go;
      });
      await bus().commands.send(topic, [message('ada', 'in hand')]);
      await eventually(() => isRunning);
      let isClosed = false;
      const closing = subscription.close().then(() => (isClosed = true));
      await new Promise((later) => setImmediate(later));
      expect(isClosed).toBe(false);
      resolve(undefined);
      await closing;
      await bus().commands.send(topic, [message('ada', 'too late')]);
      expect(values(got)).toEqual(['in hand']);
    });

    it('reads on after the last position when somebody consumes again', async () => {
      const topic = await bus().newTopic('log');
      const one = await consumer(topic);
      await bus().commands.send(topic, [message('ada', '1'), message('bob', '1')]);
      await eventually(() => one.got.length === 2);
      await one.subscription.close();
      const two = await consumer(topic, one.positions);
      await bus().commands.send(topic, [message('ada', '2'), message('bob', '2')]);
      await eventually(() => two.got.filter(({ value }) => value === '2').length === 2);
      for (const { partition, offset } of two.got) expect(offset).toBeLessThan(two.positions.get(partition) ?? 0n);
    });
  });

  describe('work', () => {
    it('hands over what was there before the group, in order for each key', async () => {
      const topic = await bus().newTopic('log');
      await bus().commands.send(topic, [message('ada', '1'), message('ada', '2')]);
      const got: Received[] = [];
      await kept(
        bus().commands.work({
          topic,
          group: randomUUID(),
          handle: (messages) => Promise.resolve(void got.push(...messages)),
          failed: nobody,
        }),
      );
      await bus().commands.send(topic, [message('ada', '3')]);
      await eventually(() => got.length === 3);
      expect(values(got)).toEqual(['1', '2', '3']);
    });

    it('skips what was there before a group that starts with the newest, and nothing after', async () => {
      const topic = await bus().newTopic('log');
      await bus().commands.send(topic, [message('ada', 'before')]);
      const got: Received[] = [];
      await kept(
        bus().commands.work({
          topic,
          group: randomUUID(),
          start: 'latest',
          handle: (messages) => Promise.resolve(void got.push(...messages)),
          failed: nobody,
        }),
      );
      await bus().commands.send(topic, [message('ada', 'after')]);
      await eventually(() => got.length === 1);
      expect(values(got)).toEqual(['after']);
    });

    it('hands over the same again when it was not handled', async () => {
      const topic = await bus().newTopic('log');
      const got: string[] = [];
      const failures: unknown[] = [];
      let attempts = 0;
      await kept(
        bus().commands.work({
          topic,
          group: randomUUID(),
          handle: (messages) => {
            attempts += 1;
            if (attempts < 3) return Promise.reject(new Error(`attempt ${attempts}`));
            got.push(...values(messages));
            return Promise.resolve();
          },
          failed: (error) => failures.push(error),
        }),
      );
      await bus().commands.send(topic, [message('ada', '1')]);
      await eventually(() => got.length === 1);
      expect(failures).toHaveLength(2);
    });

    it('keeps a position only for what was handled, and goes on from there', async () => {
      const topic = await bus().newTopic('log');
      const group = randomUUID();
      const got: string[] = [];
      let refused = 0;
      const one = await bus().commands.work({
        topic,
        group,
        handle: (messages) => {
          const [next] = values(messages);
          if (next === 'not now') return Promise.reject(new Error(`not now, for the ${(refused += 1)}th time`));
          got.push(...values(messages));
          return Promise.resolve();
        },
        failed: () => undefined,
      });
      await bus().commands.send(topic, [message('ada', 'done')]);
      await eventually(() => got.length === 1);
      await bus().commands.send(topic, [message('ada', 'not now')]);
      await eventually(() => refused > 0);
      await one.close();
      expect(got).toEqual(['done']);

      const later: string[] = [];
      await kept(
        bus().commands.work({
          topic,
          group,
          handle: (messages) => Promise.resolve(void later.push(...values(messages))),
          failed: nobody,
        }),
      );
      await eventually(() => later.length === 1);
      expect(later).toEqual(['not now']);
    });

    it('gives every group all of it', async () => {
      const topic = await bus().newTopic('log');
      const got: [string[], string[]] = [[], []];
      for (const own of got) {
        await kept(
          bus().commands.work({
            topic,
            group: randomUUID(),
            handle: (messages) => Promise.resolve(void own.push(...values(messages))),
            failed: nobody,
          }),
        );
      }
      await bus().commands.send(topic, [message('ada', '1'), message('bob', '2')]);
      await eventually(() => got.every((own) => own.length === 2));
    });
  });
}
