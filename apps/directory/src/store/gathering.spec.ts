import { Gathering } from './gathering.js';

describe('what many ask for', () => {
  it('is done at once for those of the same turn, and then for those who came meanwhile', async () => {
    const rounds: (readonly number[])[] = [];
    const { promise: open, resolve: letGo } = Promise.withResolvers<undefined>();
    const gathering = new Gathering<number, number>(async (asked) => {
      rounds.push(asked);
      if (rounds.length === 1) await open;
      return asked.map((one) => one * 10);
    });
    const first = [1, 2, 3].map((one) => gathering.ask(one));
    await new Promise(setImmediate);
    const later = [4, 5].map((one) => gathering.ask(one));
    letGo(undefined);
    expect(await Promise.all([...first, ...later])).toEqual([10, 20, 30, 40, 50]);
    expect(rounds).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(await gathering.ask(6)).toBe(60);
  });

  it('fails for all who asked at once, and for nobody after them', async () => {
    let isAway = true;
    const gathering = new Gathering<string, string>((asked) =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve(asked),
    );
    const both = await Promise.allSettled([gathering.ask('a'), gathering.ask('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isAway = false;
    expect(await gathering.ask('c')).toBe('c');
  });

  it('is refused when it was left without an answer', async () => {
    await expect(new Gathering<string, string>(() => Promise.resolve([])).ask('a')).rejects.toThrow('not answered');
  });
});
