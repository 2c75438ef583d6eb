import { eventually } from '#libs/testing';
import type { Subscription } from '../message.js';
import type { BusUnderTest } from './bus-under-test.contract.js';

export function stateTableContract(bus: () => BusUnderTest): void {
  const open: Subscription[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subscription) => subscription.close()));
  });

  async function follower(topic: string) {
    const table = new Map<string, string>();
    const following = await bus().states.follow(topic, (key, value) => {
      if (value === null) table.delete(key);
      else table.set(key, value);
    });
    open.push(following);
    return { table, following };
  }

  it('keeps the last value of each key, and none of what was removed', async () => {
    const topic = await bus().newTopic('table');
    await bus().states.put(topic, [
      { key: 'one', value: '1' },
      { key: 'two', value: '2' },
    ]);
    await bus().states.put(topic, [{ key: 'one', value: '1 again' }]);
    await bus().states.put(topic, [{ key: 'two', value: null }]);
    expect(await bus().states.snapshot(topic)).toEqual(new Map([['one', '1 again']]));
  });

  it('has applied all that was there when a follower is ready, and then whatever comes', async () => {
    const topic = await bus().newTopic('table');
    await bus().states.put(topic, [{ key: 'one', value: '1' }]);
    const { table, following } = await follower(topic);
    await following.ready;
    expect(table).toEqual(new Map([['one', '1']]));
    await bus().states.put(topic, [{ key: 'two', value: '2' }]);
    await eventually(() => table.get('two') === '2');
    await bus().states.put(topic, [{ key: 'one', value: null }]);
    await eventually(() => !table.has('one'));
  });

  it('is ready at once when there is nothing, and tells when it was last in touch', async () => {
    const topic = await bus().newTopic('table');
    const { following } = await follower(topic);
    await following.ready;
    const before = Date.now();
    await eventually(() => following.lastHeardAt() >= before);
  });
}
