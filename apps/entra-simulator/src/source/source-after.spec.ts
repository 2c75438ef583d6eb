import type { Source } from './source.js';
import { sourceAfter } from './source-after.js';

const sizes = { users: 60, groups: 5, members: 10 };

describe('the source', () => {
  it('is the same for the same arguments, and other people for another seed', () => {
    expect(sourceAfter(1, sizes, 4)).toEqual(sourceAfter(1, sizes, 4));
    expect([...sourceAfter(1, sizes, 1).users.keys()]).not.toEqual([...sourceAfter(2, sizes, 1).users.keys()]);
  });

  it('has the same objects in another size, so that runs of two sizes do not make doubles', () => {
    const names = ({ users, groups }: Source) =>
      [...users.values(), ...groups.values()].map((thing) => `${thing.objectId} ${thing.displayName}`);
    const smaller = names(sourceAfter(1, { users: 20, groups: 2, members: 3 }, 1));
    expect(names(sourceAfter(1, sizes, 1))).toEqual(expect.arrayContaining(smaller));
  });

  it('begins with everybody enabled and every group full', () => {
    const { users, groups } = sourceAfter(1, sizes, 1);
    expect(users.size).toBe(60);
    expect([...users.values()].every(({ accountEnabled }) => accountEnabled)).toBe(true);
    expect([...groups.values()].map(({ memberIds }) => memberIds.length)).toEqual([10, 10, 10, 10, 10]);
  });

  it('never gives two users or two groups one name', () => {
    const { users, groups } = sourceAfter(1, sizes, 6);
    expect(new Set([...users.values()].map((user) => user.userPrincipalName)).size).toBe(users.size);
    expect(new Set([...groups.values()].map((group) => group.displayName)).size).toBe(groups.size);
  });

  it('changes a tenth of the people from cycle to cycle; some leave, some leave the scope, some are hired', () => {
    const before = sourceAfter(1, sizes, 1).users;
    const after = sourceAfter(1, sizes, 2).users;
    const gone = [...before.keys()].filter((objectId) => !after.has(objectId));
    const hired = [...after.keys()].filter((objectId) => !before.has(objectId));
    expect([gone.length, hired.length]).toEqual([2, 2]);
    expect([...after.values()].filter(({ accountEnabled }) => !accountEnabled)).toHaveLength(3);
    expect([...after.values()].filter(({ isInScope }) => !isInScope)).toHaveLength(2);
  });

  it('hires somebody again who was deleted the day before: the same names, another object', () => {
    const [second, third] = [sourceAfter(1, sizes, 2), sourceAfter(1, sizes, 3)];
    const names = second.departed.map(({ userPrincipalName }) => userPrincipalName);
    const again = [...third.users.values()].filter((user) => names.includes(user.userPrincipalName));
    expect(again).toHaveLength(1);
    expect(second.departed.map(({ objectId }) => objectId)).not.toContain(again[0]?.objectId);
  });

  it('lets people move to another name now and then', () => {
    const [before, after] = [sourceAfter(1, sizes, 1).users, sourceAfter(1, sizes, 6).users];
    const moved = [...after.values()].filter((user) => {
      const former = before.get(user.objectId)?.userPrincipalName;
      return former !== undefined && former !== user.userPrincipalName;
    });
    expect(moved.length).toBeGreaterThan(0);
  });

  it('brings some of the disabled back', () => {
    const [second, third] = [sourceAfter(1, sizes, 2).users, sourceAfter(1, sizes, 3).users];
    const disabled = [...second.values()].filter(({ accountEnabled }) => !accountEnabled);
    expect(disabled.filter(({ objectId }) => third.get(objectId)?.accountEnabled === true)).toHaveLength(2);
  });

  it('never refers to somebody who is gone', () => {
    const { users, groups } = sourceAfter(1, sizes, 8);
    const managers = [...users.values()].flatMap(({ managerId }) => managerId ?? []);
    const members = [...groups.values()].flatMap(({ memberIds }) => memberIds);
    expect([...managers, ...members].filter((id) => !users.has(id))).toEqual([]);
  });

  it('keeps half of the people however long it goes on, and stands the smallest sizes', () => {
    expect(sourceAfter(1, sizes, 60).users.size).toBeGreaterThanOrEqual(30);
    expect(sourceAfter(1, { users: 1, groups: 1, members: 5 }, 5).users.size).toBe(1);
    expect(sourceAfter(1, { users: 0, groups: 2, members: 5 }, 5).groups.size).toBe(2);
  });
});
