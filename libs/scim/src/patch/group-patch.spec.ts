import { groupType } from '../index.js';
import { applyPatch } from '../apply/apply.js';
import type { MemberOperation } from './operation.js';
import { readGroupPatch } from './read-patch.js';
import { refusal } from '../refusal.contract.js';

const read = (...operations: unknown[]) => readGroupPatch({ Operations: operations });

const ID = '01a21ac8-99f2-7094-ad65-bc04deb4084a';
const CAPITALS = ID.toUpperCase();

describe('a PATCH of a group', () => {
  it.each<[string, object, MemberOperation[]]>([
    ['adds (Q30)', { op: 'Add', path: 'members', value: [{ $ref: null, value: 'a' }] }, [{ do: 'add', ids: ['a'] }]],
    [
      'adds a plain text (Q29)',
      { op: 'Add', path: 'members', value: 'string id 1' },
      [{ do: 'add', ids: ['string id 1'] }],
    ],
    [
      'adds an object',
      { op: 'add', path: 'Members', value: { Value: 'a', display: 'A' } },
      [{ do: 'add', ids: ['a'] }],
    ],
    ['adds each once', { op: 'add', path: 'members', value: ['a', { value: 'a' }] }, [{ do: 'add', ids: ['a'] }]],
    [
      'adds an id in capitals',
      { op: 'add', path: 'members', value: [{ value: CAPITALS }] },
      [{ do: 'add', ids: [ID] }],
    ],
    [
      'removes the one selected by an id in capitals',
      { op: 'remove', path: `members[value eq "${CAPITALS}"]` },
      [{ do: 'remove', ids: [ID] }],
    ],
    ['adds nobody', { op: 'add', path: 'members', value: [] }, []],
    [
      'removes exactly those listed (Q4)',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] },
      [{ do: 'remove', ids: ['a'] }],
    ],
    ['removes nobody for an empty list (Q4)', { op: 'Remove', path: 'members', value: [] }, []],
    ['removes the one selected (Q5)', { op: 'remove', path: 'members[value eq "a"]' }, [{ do: 'remove', ids: ['a'] }]],
    [
      'removes the one selected, unquoted',
      { op: 'remove', path: 'members[Value EQ a]' },
      [{ do: 'remove', ids: ['a'] }],
    ],
    [
      'removes several selected',
      { op: 'remove', path: 'members[value eq "a" or value eq "b"]' },
      [{ do: 'remove', ids: ['a', 'b'] }],
    ],
    [
      'removes one selected with its type',
      { op: 'remove', path: 'members[value eq "a" and type eq "User"]' },
      [{ do: 'remove', ids: ['a'] }],
    ],
    [
      'removes the one selected, by its value',
      { op: 'remove', path: 'members[value eq "a"].value' },
      [{ do: 'remove', ids: ['a'] }],
    ],
    ['removes everybody', { op: 'remove', path: 'members' }, [{ do: 'clear' }]],
    [
      'names the whole set',
      { op: 'replace', path: 'members', value: [{ value: 'a' }] },
      [{ do: 'replace', ids: ['a'] }],
    ],
    ['names the empty set', { op: 'replace', path: 'members', value: [] }, [{ do: 'clear' }]],
    ['names the empty set by null', { op: 'replace', path: 'members', value: null }, [{ do: 'clear' }]],
    ['adds without a path (Q9)', { op: 'add', value: { members: [{ value: 'a' }] } }, [{ do: 'add', ids: ['a'] }]],
    [
      'puts one in the place of another',
      { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } },
      [
        { do: 'remove', ids: ['a'] },
        { do: 'add', ids: ['b'] },
      ],
    ],
    [
      'ignores what members say of themselves',
      { op: 'replace', path: 'members[value eq "a"].display', value: 'A' },
      [],
    ],
  ])('%s', (_, operation, members) => expect(read(operation)).toEqual({ operations: [], members }));

  it('keeps the order of its member operations', () => {
    expect(
      read(
        { op: 'Remove', path: 'members' },
        { op: 'Add', path: 'members', value: ['a'] },
        { op: 'remove', path: 'members[value eq "a"]' },
      ).members,
    ).toEqual([{ do: 'clear' }, { do: 'add', ids: ['a'] }, { do: 'remove', ids: ['a'] }]);
  });

  it.each<[string, object]>([
    ['with a path', { op: 'Replace', path: 'displayName', value: 'New' }],
    ['without a path (Q9)', { op: 'replace', value: { id: 'x', displayName: 'New' } }],
  ])('renames %s, and does not touch members (Q31)', (_, operation) => {
    const { operations, members } = read(operation);
    expect(members).toEqual([]);
    expect(applyPatch(groupType, { displayName: 'Old' }, operations)).toEqual({ displayName: 'New' });
  });

  it('sets an externalId (Q32, Q33)', () => {
    const { operations } = read({ op: 'Add', path: 'externalId', value: '8aa1' });
    expect(applyPatch(groupType, { displayName: 'Old' }, operations)).toEqual({
      displayName: 'Old',
      externalId: '8aa1',
    });
  });

  it.each([
    'members[display eq "A"]',
    'members[not (value eq "a")]',
    'members[value co "a"]',
    'members[value eq "a" or type eq "User"]',
  ])('cannot select members by %s', (path) => {
    expect(refusal(() => read({ op: 'remove', path }))).toMatchObject({ status: 400, scimType: 'invalidPath' });
  });

  it('cannot lose its name', () => {
    const { operations } = read({ op: 'remove', path: 'displayName' });
    expect(() => applyPatch(groupType, { displayName: 'Old' }, operations)).toThrow(/displayName is required/);
  });
});
