import { Gathering } from './gathering.js';

describe('what comes in small pieces', () => {
  it('is delivered together, one delivery at a time', async () => {
    const deliveries: number[][] = [];
    const gathering = new Gathering<number>(5, 100, async (items) => {
      deliveries.push([...items]);
      await Promise.resolve();
    });
    await Promise.all([gathering.add([1]), gathering.add([2, 3])]);
    await gathering.add([4]);
    expect(deliveries).toEqual([[1, 2, 3], [4]]);
  });

  it('tells those whose delivery failed, and goes on', async () => {
    const gathering = new Gathering<string>(1, 100, (items) =>
      items.includes('bad') ? Promise.reject(new Error('no')) : Promise.resolve(),
    );
    await expect(Promise.all([gathering.add(['good']), gathering.add(['bad'])])).rejects.toThrow('no');
    await expect(gathering.add(['good'])).resolves.toBeUndefined();
  });
});
