import { ENTERPRISE_USER_SCHEMA, GROUP_TABLE, groupType, typesWith, USER_TABLE, userType } from '../index.js';
import { parseFilter } from '../filter/parse.js';
import { filterToSql } from './filter-to-sql.js';
import { refusal } from '../refusal.contract.js';

const user = (filter: string, first = 1) => filterToSql(userType, parseFilter(filter), USER_TABLE, first);
const group = (filter: string) => filterToSql(groupType, parseFilter(filter), GROUP_TABLE, 1);

describe('a filter in SQL', () => {
  it.each([
    ['userName eq "Ada@X"', 'r.user_name_key = $2', ['ada@x']],
    ['externalId eq "JY"', 'r.external_id = $2', ['JY']],
    ['displayName eq "Ada"', 'r.display_name_key = $2', ['ada']],
    ['emails.value eq "Ada@X"', 'r.email_keys @> array[$2::text]', ['ada@x']],
    ['displayName sw "Ada"', '(r.display_name_key >= $2 and r.display_name_key < $3)', ['ada', 'adb']],
    [
      'meta.lastModified gt "2024-05-01"',
      `(r.last_modified > $2::timestamptz and r.last_modified < 'infinity')`,
      ['2024-05-01T00:00:00.000Z'],
    ],
    ['active eq "True"', 'r.active = $2', [true]],
    ['meta.created ge "2024-05-01"', 'r.created_at >= $2::timestamptz', ['2024-05-01T00:00:00.000Z']],
    ['id eq "0190AAAA-0000-7000-8000-00000000000A"', 'r.id = $2::uuid', ['0190aaaa-0000-7000-8000-00000000000a']],
  ])('lets an index answer %s', (filter, text, values) => expect(user(filter, 2)).toEqual({ text, values }));

  it('asks for an id that is no UUID with the same text, and finds nobody', () => {
    expect(user('id eq "nobody"')).toEqual({ text: 'r.id = $1::uuid', values: [null] });
    expect(group('members eq "nobody"').values).toEqual([null]);
  });

  it('looks for the candidates of a value path by index, then for the right element (Q18)', () => {
    expect(user('emails[type eq "work"].value eq "A@B"')).toEqual({
      text:
        '(r.email_keys @> array[$3::text] and exists (select 1 from ' +
        `jsonb_array_elements(r.attributes->'emails') as e(element) where true and ` +
        `(lower((e.element->>'type') collate "pg_c_utf8") = $1 and lower((e.element->>'value') collate "pg_c_utf8") = $2)))`,
      values: ['work', 'a@b', 'a@b'],
    });
  });

  it('finds groups by member through the rows of the membership (1.5)', () => {
    expect(group('members eq "0190aaaa-0000-7000-8000-00000000000a"').text).toBe(
      'exists (select 1 from group_member e where e.group_id = r.id and e.member_id is not null and e.member_id = $1::uuid)',
    );
  });

  it('knows the schemas of a row by what it keeps, withdrawn attributes aside', () => {
    const own = { id: 'urn:x', resourceType: 'User', name: 'X', description: '', attributes: {} } as const;
    const withdrawn = { old: { type: 'string', description: '' } } as const;
    const { User } = typesWith([{ ...own, withdrawn }]);
    expect(filterToSql(User, parseFilter('schemas eq "urn:X"'), USER_TABLE, 1)).toEqual({
      text:
        `exists (select 1 from unnest(array['urn:ietf:params:scim:schemas:core:2.0:User', ` +
        `case when r.attributes->'${ENTERPRISE_USER_SCHEMA}' is not null then '${ENTERPRISE_USER_SCHEMA}' end, ` +
        `case when (r.attributes->'urn:x') - array['old'] <> '{}'::jsonb then 'urn:x' end]) as e(urn) ` +
        'where e.urn is not null and e.urn is not null and lower(e.urn collate "pg_c_utf8") = $1)',
      values: ['urn:x'],
    });
  });

  it('keeps its text when only values change, and never holds what a caller wrote', () => {
    const evil = `x' or 1=1; drop table users --`;
    for (const path of ['userName', 'title', 'emails', 'emails[type eq "a"].value', 'manager', 'nonsense', 'groups']) {
      for (const op of ['eq', 'ne', 'co', 'sw', 'ew', 'gt']) {
        const { text } = user(`${path} ${op} ${JSON.stringify(evil)}`);
        expect(text).toBe(user(`${path} ${op} "y"`).text);
        expect(text).not.toContain('drop table');
      }
    }
  });

  it('counts an absent value under "not" as a comparison that does not hold', () => {
    expect(user('not (title eq "x")').text).toMatch(/^not coalesce\(.*, false\)$/);
  });

  it('is refused where the predicate is', () => {
    expect(refusal(() => user('active gt true'))).toMatchObject({ scimType: 'invalidFilter' });
  });
});
