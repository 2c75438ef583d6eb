import { randomFrom } from '../random.js';
import { attributePatch } from './dialect.js';
import { clearManager, setManager } from './manager-patch.js';
import { memberPatches } from './member-patches.js';
import { ENTERPRISE_SCHEMA, MANAGER_PATH, objectsIn } from './scim-object.js';

const random = randomFrom('dialect');
const department = `${ENTERPRISE_SCHEMA}:department`;

const changes = [
  { path: 'displayName', found: 'Ada', wanted: 'Ada L.' },
  { path: 'active', found: true, wanted: false },
  { path: 'emails[type eq "work"].value', found: 'a@example.com', wanted: 'b@example.com' },
  { path: department, found: undefined, wanted: 'Sales' },
  { path: 'title', found: 'Engineer', wanted: undefined },
];

describe('the legacy dialect', () => {
  const operations = objectsIn(attributePatch(changes, 'legacy', random).Operations);

  it('has an operation for each attribute, with a capital', () => {
    expect(operations.map(({ path }) => path)).toEqual(changes.map(({ path }) => path));
    for (const { op } of operations) expect(op).toMatch(/^(Add|Replace|Remove)$/);
  });

  it('mostly writes booleans as text', () => {
    const values = Array.from(
      { length: 50 },
      () => objectsIn(attributePatch(changes, 'legacy', random).Operations)[1]?.value,
    );
    expect(new Set(values)).toEqual(new Set(['False', 'false', false]));
  });

  it('names the old value when it removes', () => {
    expect(operations.at(-1)).toEqual({ op: 'Remove', path: 'title', value: 'Engineer' });
  });

  it('removes members by a list of values', () => {
    const [body] = memberPatches({ join: [], leave: ['1'] }, 'legacy', random);
    expect(body?.Operations).toEqual([{ op: 'Remove', path: 'members', value: [{ $ref: null, value: '1' }] }]);
  });
});

describe('the dialect of the flag', () => {
  it('merges single values into one operation without a path', () => {
    expect(attributePatch(changes, 'flag', random).Operations).toEqual([
      { op: 'remove', path: 'title' },
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' },
      { op: 'replace', value: { displayName: 'Ada L.', [department]: 'Sales' } },
    ]);
  });

  it('removes members by a filter in the path', () => {
    const [body] = memberPatches({ join: [], leave: ['1'] }, 'flag', random);
    expect(body?.Operations).toEqual([{ op: 'remove', path: 'members[value eq "1"]' }]);
  });
});

describe('managers', () => {
  const forms = (body: () => ReturnType<typeof setManager>) =>
    new Set(Array.from({ length: 200 }, () => JSON.stringify(body().Operations)));

  it('are set and cleared in several forms', () => {
    expect(forms(() => setManager('7', 'legacy', random)).size).toBe(6);
    expect(forms(() => setManager('7', 'flag', random)).size).toBe(4);
    expect(forms(() => clearManager('7', 'legacy', random)).size).toBe(4);
    expect(forms(() => clearManager('7', 'flag', random)).size).toBe(3);
  });

  it('are most often a plain text at the path of the extension', () => {
    expect(forms(() => setManager('7', 'legacy', random))).toContain(
      JSON.stringify([{ op: 'Add', path: MANAGER_PATH, value: '7' }]),
    );
  });
});

describe('members', () => {
  it('come in many small requests that name nobody twice', () => {
    const join = Array.from({ length: 30 }, (_, index) => `in-${index}`);
    const bodies = memberPatches({ join, leave: ['out-1'] }, 'mixed', random);
    const named = JSON.stringify(bodies).match(/(in|out)-\d+/g) ?? [];

    expect(bodies.length).toBeGreaterThanOrEqual(11);
    expect(named.sort()).toEqual([...join, 'out-1'].sort());
  });
});
