import { randomUUID } from 'node:crypto';
import { eventually } from '#libs/testing';
import type { Subscription } from '../message.js';
import type { Reply } from '../reply-channel.js';
import type { BusUnderTest } from './bus-under-test.contract.js';

export function replyChannelContract(bus: () => BusUnderTest): void {
  const open: Subscription[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscription) => subscription.close()));
  });

  async function listener() {
    const heard: Reply[] = [];
    const channel = await bus().replies.listen(`test-${randomUUID()}`, (reply) => heard.push(reply));
    open.push(channel);
    return { heard, channel, address: channel.address };
  }

  it('brings every answer to the one who asked, once each', async () => {
    const [one, two] = [await listener(), await listener()];
    await bus().replies.reply([
      { address: one.address, requestId: 'a', value: 'to one' },
      { address: two.address, requestId: 'b', value: 'to two' },
      { address: one.address, requestId: 'c', value: 'to one again' },
    ]);
    await eventually(() => one.heard.length === 2 && two.heard.length === 1);
    expect(one.heard.toSorted((left, right) => left.requestId.localeCompare(right.requestId))).toEqual([
      { requestId: 'a', value: 'to one' },
      { requestId: 'c', value: 'to one again' },
    ]);
    expect(two.heard).toEqual([{ requestId: 'b', value: 'to two' }]);
  });

  it('brings a long answer whole, whatever characters it is made of', async () => {
    const { heard, address } = await listener();
    const value = 'Grüße, 你好, 👩‍🚀 '.repeat(200_000);
    await bus().replies.reply([
      { address, requestId: 'long', value },
      { address, requestId: 'short', value: 'short' },
    ]);
    await eventually(() => heard.length === 2, { timeoutMs: 20_000 });
    expect(heard.find(({ requestId }) => requestId === 'long')?.value === value).toBe(true);
  });

  it('brings bytes along, many or few, each with its answer', async () => {
    const { heard, address } = await listener();
    const bytesOf = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 256);
    const lengths = [1, 256 * 1024, 256 * 1024 + 1, 3_000_000];
    const replies = lengths.map((length) => ({
      address,
      requestId: String(length),
      value: 'x'.repeat(length > 1_000_000 ? 400_000 : 3),
      bytes: bytesOf(length),
    }));
    await bus().replies.reply([{ address, requestId: 'none', value: 'none' }, ...replies]);
    await eventually(() => heard.length === replies.length + 1, { timeoutMs: 20_000 });
    for (const { requestId, value, bytes } of replies) {
      const got = heard.find((one) => one.requestId === requestId);
      expect(got?.value === value && Buffer.from(got.bytes ?? []).equals(bytes)).toBe(true);
    }
    expect(heard.find(({ requestId }) => requestId === 'none')?.bytes).toBeUndefined();
  });

  it('lets nobody wait for a listener that is gone', async () => {
    const [gone, here] = [await listener(), await listener()];
    await gone.channel.close();
    open.splice(open.indexOf(gone.channel), 1);
    await bus().replies.reply([
      { address: gone.address, requestId: 'a', value: 'nobody hears this' },
      { address: here.address, requestId: 'b', value: 'heard' },
    ]);
    await eventually(() => here.heard.length === 1);
    await bus().replies.reply([{ address: here.address, requestId: 'c', value: 'heard as well' }]);
    await eventually(() => here.heard.length === 2);
  });

  it('tells when it was last in touch', async () => {
    const { channel } = await listener();
    const before = Date.now();
    await eventually(() => channel.lastHeardAt() >= before);
  });
}
