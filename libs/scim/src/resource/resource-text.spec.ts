import { groupType, project, type Projection, type Reference, toResource, userType } from '../index.js';
import { referenceForm, resourceFrame, resourceText } from './resource-text.js';

const stored = {
  id: '01900000-0000-7000-8000-000000000000',
  attributes: { displayName: 'R "&" \u2028 D', externalId: 'x' },
  version: 3,
  created: '2024-01-01T00:00:00.000Z',
  lastModified: '2024-01-02T00:00:00.000Z',
};
const BASE = 'https://x.example/v2';
const idOf = (at: number) => `01900000-0000-7000-8000-${String(at).padStart(12, '0')}`;
const members = (count: number): Reference[] =>
  Array.from({ length: count }, (_, at) => ({ value: idOf(at), type: at % 3 === 1 ? 'Group' : 'User' }));
const groups = (count: number): Reference[] =>
  Array.from({ length: count }, (_, at) => ({ value: idOf(at), display: `G"${at}\uE000\uE001\\ü\n` }));

// 32,768 characters are some 218 members in full, 800 ids alone: sizes on both sides of where a piece ends.
const SIZES = [0, 1, 2, 217, 218, 219, 220, 437, 438, 439, 599, 600, 601, 1_000, 1_001, 2_500];

const PROJECTIONS: Projection[] = [
  {},
  { attributes: 'members' },
  { attributes: 'members.value' },
  { attributes: 'MEMBERS.VALUE,displayName' },
  { attributes: 'members.type,members.$ref' },
  { attributes: 'members.display' },
  { attributes: 'displayName' },
  { attributes: 'meta.version,members[type eq "User"].value' },
  { excludedAttributes: 'members' },
  { excludedAttributes: 'members.$ref' },
  { excludedAttributes: 'members.value,members.$ref,members.type' },
  { excludedAttributes: 'members.display,meta,externalId' },
  { attributes: 'members', excludedAttributes: 'members.type' },
];

describe('a resource in pieces', () => {
  it.each(PROJECTIONS)('is a group letter for letter, whatever its size, for %j', (wanted) => {
    for (const size of SIZES) {
      const all = members(size);
      const whole = JSON.stringify(
        project(groupType, toResource(groupType, { ...stored, members: all }, BASE), wanted),
      );
      const pieces = [...resourceText({ type: groupType, name: 'members', baseUrl: BASE, wanted }, stored, all)];
      expect(pieces.join('') === whole).toBe(true);
      expect(pieces.every((piece) => piece.length > 0 && piece.length < 40_000)).toBe(true);
    }
  });

  it.each([
    {},
    { attributes: 'groups.display' },
    { attributes: 'groups.value,userName' },
    { excludedAttributes: 'groups.display,groups.type' },
  ])('is a user letter for letter, with names of any characters, for %j', (wanted: Projection) => {
    for (const size of [0, 1, 300, 1_000]) {
      const user = { ...stored, attributes: { userName: 'ada' } };
      const all = groups(size);
      const whole = JSON.stringify(project(userType, toResource(userType, { ...user, groups: all }, BASE), wanted));
      const text = [...resourceText({ type: userType, name: 'groups', baseUrl: BASE, wanted }, user, all)].join('');
      expect(text === whole).toBe(true);
    }
  });

  it.each(PROJECTIONS)('is what comes before the members, the form of each and what comes after, for %j', (wanted) => {
    const view = { type: groupType, name: 'members', baseUrl: BASE, wanted } as const;
    for (const size of [0, 1, 2, 5]) {
      const all = members(size);
      const whole = JSON.stringify(
        project(groupType, toResource(groupType, { ...stored, members: all }, BASE), wanted),
      );
      const texts = all.flatMap(({ value, type = '' }) => referenceForm(view, type)?.join(value) ?? []);
      const { before, after } = resourceFrame(view, stored, texts.length === 0 ? undefined : all[0]);
      expect(before + texts.join(',') + after).toBe(whole);
    }
  });

  it('shows those references of which something is left, where some have a name and others have none', () => {
    const mixed = [{ value: idOf(1) }, { value: idOf(2), display: 'Two' }];
    const wanted = { attributes: 'members.display' };
    const whole = JSON.stringify(
      project(groupType, toResource(groupType, { ...stored, members: mixed }, BASE), wanted),
    );
    expect([...resourceText({ type: groupType, name: 'members', baseUrl: BASE, wanted }, stored, mixed)].join('')).toBe(
      whole,
    );
  });
});
