import type { Member } from './directory-events.js';
import { PackedMembers } from './packed-members.js';

const ADA: Member = { value: '01900000-0000-7000-8000-0000000000ff', type: 'User' };
const TEAM: Member = { value: 'ffeeddcc-bbaa-9988-7766-554433221100', type: 'Group' };

const pack = (...members: Member[]) =>
  Buffer.concat(
    members.map(({ value, type }) => Buffer.from(`${value.replaceAll('-', '')}0${type === 'Group' ? 1 : 0}`, 'hex')),
  );

describe('packed members', () => {
  it.each([[[]], [[ADA]], [[TEAM]], [[ADA, TEAM, ADA]]])('come out as they went in: %j', (members: Member[]) => {
    const packed = new PackedMembers(pack(...members));
    expect(packed.size).toBe(members.length);
    expect([...packed]).toEqual(members);
    expect([...packed]).toEqual(members); // as often as wanted
  });

  it('of several groups are told apart by how many each has', () => {
    const groups = [[ADA], [], [TEAM, ADA]];
    const split = PackedMembers.split(
      pack(...groups.flat()),
      groups.map(({ length }) => length),
    );
    expect(split.map((members) => [...members])).toEqual(groups);
    expect(() => PackedMembers.split(pack(ADA, TEAM), [1])).toThrow(/1 members in 34 bytes/);
    expect(() => PackedMembers.split(pack(), [1])).toThrow();
  });

  const formOf = (type: Member['type']) => (type === 'Group' ? ['<ü', '=', '>'] : ['', '!']);

  it.each([0, 1, 2, 1_000, 1_638, 1_639, 1_640, 5_000])('are written in the form asked for: %i', (size) => {
    const all = Array.from({ length: size }, (_, at) => (at % 4 === 1 ? TEAM : ADA));
    const pieces = [...new PackedMembers(pack(...all)).written(formOf)];
    const text = all.map(({ value, type }) => formOf(type).join(value)).join(',');
    expect(Buffer.concat(pieces).toString() === text).toBe(true);
    for (const { length } of pieces) expect(length).toBeLessThanOrEqual(64 * 1024);
  });

  it('are left out when their kind has no form, with no comma for them', () => {
    const packed = new PackedMembers(pack(ADA, TEAM, ADA, ADA));
    const written = (wanted: Member['type']) =>
      Buffer.concat([...packed.written((type) => (type === wanted ? ['[', ']'] : undefined))]).toString();
    expect(written('Group')).toBe(`[${TEAM.value}]`);
    expect(written('User')).toBe(Array(3).fill(`[${ADA.value}]`).join(','));
  });

  it('have forms of any length', () => {
    const long = 'x'.repeat(100_000);
    const pieces = [...new PackedMembers(pack(ADA, TEAM)).written(() => [long, ''])];
    expect(Buffer.concat(pieces).toString()).toBe(`${long}${ADA.value},${long}${TEAM.value}`);
  });
});
