import { GROUP_TABLE, groupType, USER_TABLE, userType } from '../index.js';
import { orderSql, sortKey } from './order.js';

describe('what rows are sorted by', () => {
  it.each([
    ['UserName', { sql: 'r.user_name_key', type: 'text' }],
    ['active', { sql: 'r.active', type: 'boolean' }],
    ['id', { sql: 'r.id', type: 'uuid' }],
    ['meta.lastModified', { sql: 'r.last_modified', type: 'timestamptz' }],
    ['name.familyName', { sql: `lower((r.attributes->'name'->>'familyName') collate "pg_c_utf8")`, type: 'text' }],
  ])('by %s', (sortBy, key) => expect(sortKey(userType, sortBy, USER_TABLE)).toEqual(key));

  it('by a list is its primary value, or else the first', () => {
    const key = sortKey(userType, 'emails', USER_TABLE);
    expect(key?.sql).toContain(`order by coalesce(e.element->>'primary' = 'true', false) desc limit 1`);
  });

  it.each(['shoeSize', 'groups', 'name', 'password', 'schemas', '; drop'])('is never %s', (sortBy) => {
    expect(sortKey(userType, sortBy, USER_TABLE)).toBeUndefined();
  });

  it('is not what only the other type has', () => {
    expect(sortKey(groupType, 'userName', GROUP_TABLE)).toBeUndefined();
  });

  it('comes last without a value when ascending, first when descending', () => {
    expect(orderSql('k', false)).toBe('k asc nulls last');
    expect(orderSql('k', true)).toBe('k desc nulls first');
  });
});
