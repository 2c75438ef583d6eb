import type { Recorded } from '#libs/contracts';
import { RecentEvents } from './recent-events.js';

const at = (position: number, members = 0) =>
  ({
    position,
    event:
      members === 0
        ? { type: 'UserCreated', data: {} }
        : { type: 'GroupMembersAdded', data: { members: new Array<object>(members).fill({}) } },
  }) as unknown as Recorded;

function holding(...positions: number[]): RecentEvents {
  const recent = new RecentEvents();
  for (const position of positions) recent.add(at(position));
  return recent;
}

const positions = (events: Recorded[] | undefined) => events?.map(({ position }) => position);

describe('what was committed just now', () => {
  it('is at hand when it follows on what is published', () => {
    expect(positions(holding(4, 5, 6).after(3, 500))).toEqual([4, 5, 6]);
    expect(positions(holding(4, 5, 6).after(5, 500))).toEqual([6]);
    expect(positions(holding(4, 5, 6).after(3, 2))).toEqual([4, 5]);
  });

  it('does not stand in for what came before it', () => {
    expect(holding(4, 5, 6).after(2, 500)).toBeUndefined();
    expect(holding().after(0, 500)).toBeUndefined();
    expect(holding(4, 5, 6).after(6, 500)).toBeUndefined();
    expect(holding(4, 5, 6).after(9, 500)).toBeUndefined();
  });

  it('has no gap', () => {
    expect(holding(4, 5, 7).after(3, 500)).toBeUndefined();
    expect(positions(holding(4, 5, 7).after(6, 500))).toEqual([7]);
  });

  it('goes on after a look further back', () => {
    const recent = holding(4, 5, 6);
    expect(recent.after(1, 500)).toBeUndefined();
    recent.add(at(7));
    expect(positions(recent.after(5, 500))).toEqual([6, 7]);
  });

  it('keeps no long lists, and not more than it may', () => {
    const recent = holding(4);
    recent.add(at(5, 101));
    expect(recent.after(3, 500)).toBeUndefined();
    expect(recent.after(4, 500)).toBeUndefined();
    const many = holding(...Array.from({ length: 2_001 }, (_, index) => index + 1));
    expect(many.after(0, 500)).toBeUndefined();
    expect(positions(many.after(2_000, 500))).toEqual([2_001]);
  });
});
