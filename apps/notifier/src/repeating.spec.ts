import { eventually } from '#libs/testing';
import { Repeating } from './repeating.js';

describe('what is done again and again', () => {
  it('goes on after a failure, names it as a problem until it is over, and lets a turn come to its end', async () => {
    let turns = 0;
    let isAway = true;
    let ended = false;
    const { promise: release, resolve } = Promise.withResolvers<undefined>();
    const repeating = new Repeating('Spec', 1, 'nothing can be done');
    repeating.begin(async (isEnding) => {
      turns += 1;
      if (isAway) throw new Error('the database is away');
      expect(isEnding()).toBe(false);
      if (turns > 1_000_000) await release;
    });
    await eventually(() => turns > 2 && repeating.problems().length > 0);
    expect(repeating.problems()).toEqual(['nothing can be done: the database is away']);
    isAway = false;
    await eventually(() => repeating.problems().length === 0);
    turns = 1_000_000;
    await eventually(() => turns > 1_000_000);
    const end = repeating.end().then(() => (ended = true));
    await new Promise((done) => setImmediate(done));
    expect(ended).toBe(false);
    resolve(undefined);
    await end;
    expect(repeating.problems()).toEqual([]);
  });
});
