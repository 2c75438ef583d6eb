import { NoTurn, Turns } from './turns.js';

/** Work that ends when it is told to. */
function piece() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, work: () => ended };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('let no more than so many work at once, in the order in which they came, whether it goes well or not', async () => {
    const turns = new Turns(2, 10_000);
    const begun: number[] = [];
    const pieces = Array.from({ length: 5 }, piece);
    const taken = pieces.map(({ work }, at) =>
      turns.take(async () => {
        begun.push(at);
        await work();
        if (at === 1) throw new Error('it broke');
        return at;
      }),
    );
    const outcomes = Promise.allSettled(taken);
    await settle();
    expect(begun).toEqual([0, 1]);
    pieces[1]?.end();
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of pieces) end();
    expect((await outcomes).map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    await expect(turns.take(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });

  it('are given up after a while, and then the next one in line is not held up', async () => {
    const turns = new Turns(1, 20);
    const first = piece();
    const long = turns.take(first.work);
    await expect(turns.take(() => Promise.resolve())).rejects.toThrow(NoTurn);
    first.end();
    await long;
    await expect(turns.take(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});
