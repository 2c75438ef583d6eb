import { USER_TABLE, userType } from '../index.js';
import { orderToSql } from './order.js';

describe('an order in SQL', () => {
  it.each([
    ['UserName', 'r.user_name_key asc nulls last'],
    ['meta.lastModified', 'r.last_modified asc nulls last'],
    ['name.familyName', `lower((r.attributes->'name'->>'familyName') collate "pg_c_utf8") asc nulls last`],
  ])('by %s', (sortBy, sql) => expect(orderToSql(userType, sortBy, 'ascending', USER_TABLE)).toBe(sql));

  it('by a list takes the primary value, or else the first', () => {
    const sql = orderToSql(userType, 'emails', 'descending', USER_TABLE);
    expect(sql).toContain(`order by coalesce(e.element->>'primary' = 'true', false) desc limit 1`);
    expect(sql).toMatch(/ desc nulls first$/);
  });

  it.each(['shoeSize', 'groups', 'name', 'password', 'schemas', '; drop'])('is not made by %s', (sortBy) => {
    expect(orderToSql(userType, sortBy, 'ascending', USER_TABLE)).toBeUndefined();
  });
});
