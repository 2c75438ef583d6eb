import { Escrow } from './escrow.js';

/** The cycles in which something that always fails is tried. */
function attempts(escrow: Escrow, cycles: number): number[] {
  escrow.add('ada', 1);
  return Array.from({ length: cycles }, (_, index) => index + 2).filter((cycle) => {
    const isDue = escrow.due(cycle).has('ada');
    if (isDue) escrow.add('ada', cycle);
    return isDue;
  });
}

describe('the escrow', () => {
  it('tries again in the next cycle, again and again', () => {
    expect(attempts(new Escrow('next'), 3)).toEqual([2, 3, 4]);
  });

  it("keeps Entra's times: after 6, 12 and 24 hours, then daily, for 28 days", () => {
    const tried = attempts(new Escrow('entra'), 1_200);
    expect(tried.slice(0, 5)).toEqual([10, 19, 37, 73, 109]);
    expect(tried.at(-1)).toBe(1 + 28 * 36);
  });

  it('lets go what has succeeded', () => {
    const escrow = new Escrow('next');
    escrow.add('ada', 1);
    expect(escrow.due(2).has('ada')).toBe(true);
    expect([escrow.has('ada'), escrow.size]).toEqual([false, 0]);
  });
});
