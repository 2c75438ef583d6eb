import { inParallel } from './in-parallel.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work in parallel', () => {
  it('has as many items under way as it may, and no more', async () => {
    const seen = { now: 0, most: 0, done: 0 };
    await inParallel(Array(20).keys(), 5, async () => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await turn();
      seen.now -= 1;
      seen.done += 1;
    });
    expect(seen).toEqual({ now: 0, most: 5, done: 20 });
  });

  it('begins nothing new after an error, and hands it on when all that runs has ended', async () => {
    const seen = { begun: 0, ended: 0 };
    const work = async (item: number) => {
      seen.begun += 1;
      if (item === 1) throw new Error('broken');
      await turn();
      seen.ended += 1;
    };
    await expect(inParallel(Array(20).keys(), 3, work)).rejects.toThrow('broken');
    expect(seen).toEqual({ begun: 3, ended: 2 });
  });
});
