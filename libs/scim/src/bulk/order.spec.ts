import { orderBulk, referencesIn, withReferences } from '../index.js';

describe('the order of bulk operations', () => {
  it('is that of the request where nothing refers to anything', () => {
    expect(orderBulk([[], [], []])).toEqual({ order: [0, 1, 2], later: new Map() });
  });

  it('puts first what is referred to', () => {
    expect(orderBulk([[2], [], [1]]).order).toEqual([1, 2, 0]);
  });

  it('breaks a circle at one place, and a reference to itself', () => {
    expect(orderBulk([[1], [2], [0]])).toEqual({ order: [2, 1, 0], later: new Map([[2, new Set([0])]]) });
    expect(orderBulk([[0]])).toEqual({ order: [0], later: new Map([[0, new Set([0])]]) });
  });

  it('bears a chain of 1,000', () => {
    const needs = Array.from({ length: 1_000 }, (_, place) => (place === 999 ? [] : [place + 1]));
    expect(orderBulk(needs).order[0]).toBe(999);
  });
});

describe('references by bulkId', () => {
  const data = {
    members: [{ value: 'bulkId:a' }, 'BULKID:b'],
    path: 'members[value eq "bulkId:c"]',
    note: 'see bulkId:d',
  };

  it('are found in values and in paths, not inside other texts', () => {
    expect(referencesIn({ id: 'bulkId:e', data })).toEqual(new Set(['a', 'b', 'c', 'e']));
  });

  it('are replaced where they are known', () => {
    expect(withReferences(data, (bulkId) => (bulkId === 'b' ? undefined : `<${bulkId}>`))).toEqual({
      members: [{ value: '<a>' }, 'BULKID:b'],
      path: 'members[value eq "<c>"]',
      note: 'see bulkId:d',
    });
  });
});
