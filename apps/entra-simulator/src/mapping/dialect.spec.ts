import { randomFrom } from '../random.js';
import { attributePatch as patchOf } from './attribute-patch.js';
import type { Difference } from './compare.js';
import type { Dialect } from './dialect.js';
import { clearManager, setManager } from './manager-patch.js';
import { memberPatches } from './member-patches.js';
import { ENTERPRISE_SCHEMA, MANAGER_PATH, objectsIn } from './scim-object.js';
import { CHAOS, styleOf, type Style, type Styles } from './style.js';

const random = randomFrom('dialect');
const styles = (dialect: Styles['dialect'], more: Partial<Styles> = {}): Styles => ({
  ...CHAOS,
  isOdd: false,
  dialect,
  ...more,
});
const style = (dialect: Dialect, more: Partial<Styles> = {}): Style => styleOf(styles(dialect, more), random);
const attributePatch = (differences: Difference[], dialect: Dialect, more?: Partial<Styles>) =>
  patchOf(differences, style(dialect, more), random);
const department = `${ENTERPRISE_SCHEMA}:department`;

const changes = [
  { path: 'displayName', found: 'Ada', wanted: 'Ada L.' },
  { path: 'active', found: true, wanted: false },
  { path: 'emails[type eq "work"].value', found: 'a@example.com', wanted: 'b@example.com' },
  { path: department, found: undefined, wanted: 'Sales' },
  { path: 'title', found: 'Engineer', wanted: undefined },
];

describe('the legacy dialect', () => {
  const operations = objectsIn(attributePatch(changes, 'legacy').Operations);

  it('has an operation for each attribute, with a capital', () => {
    expect(operations.map(({ path }) => path)).toEqual(changes.map(({ path }) => path));
    for (const { op } of operations) expect(op).toMatch(/^(Add|Replace|Remove)$/);
  });

  it('mostly writes booleans as text', () => {
    const values = Array.from({ length: 50 }, () => objectsIn(attributePatch(changes, 'legacy').Operations)[1]?.value);
    expect(new Set(values)).toEqual(new Set(['False', 'false', false]));
  });

  it('names the old value when it removes', () => {
    expect(operations.at(-1)).toEqual({ op: 'Remove', path: 'title', value: 'Engineer' });
  });

  it('removes members by a list of values', () => {
    const [body] = memberPatches({ join: [], leave: ['1'] }, styles('legacy'), random);
    expect(body?.Operations).toEqual([{ op: 'Remove', path: 'members', value: [{ $ref: null, value: '1' }] }]);
  });
});

describe('the dialect of the flag', () => {
  it('merges single values into one operation without a path', () => {
    expect(attributePatch(changes, 'flag').Operations).toEqual([
      { op: 'remove', path: 'title' },
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' },
      { op: 'replace', value: { displayName: 'Ada L.', [department]: 'Sales' } },
    ]);
  });

  it('removes members by a filter in the path', () => {
    const [body] = memberPatches({ join: [], leave: ['1'] }, styles('flag'), random);
    expect(body?.Operations).toEqual([{ op: 'remove', path: 'members[value eq "1"]' }]);
  });
});

describe('managers', () => {
  const forms = (body: () => ReturnType<typeof setManager>) =>
    new Set(Array.from({ length: 200 }, () => JSON.stringify(body().Operations)));

  it('are set and cleared in several forms', () => {
    expect(forms(() => setManager('7', style('legacy'), random)).size).toBe(6);
    expect(forms(() => setManager('7', style('flag'), random)).size).toBe(4);
    expect(forms(() => clearManager('7', style('legacy'), random)).size).toBe(4);
    expect(forms(() => clearManager('7', style('flag'), random)).size).toBe(3);
  });

  it('are most often a plain text at the path of the extension', () => {
    expect(forms(() => setManager('7', style('legacy'), random))).toContain(
      JSON.stringify([{ op: 'Add', path: MANAGER_PATH, value: '7' }]),
    );
  });
});

describe('members', () => {
  it('come in many small requests that name nobody twice', () => {
    const join = Array.from({ length: 30 }, (_, index) => `in-${index}`);
    const bodies = memberPatches({ join, leave: ['out-1'] }, styles('mixed'), random);
    const named = JSON.stringify(bodies).match(/(in|out)-\d+/g) ?? [];

    expect(bodies.length).toBeGreaterThanOrEqual(11);
    expect(named.sort()).toEqual([...join, 'out-1'].sort());
  });
});

describe("the validator's dialect", () => {
  it('has a path for each attribute, small letters and real booleans, and clears with an empty value', () => {
    const operations = objectsIn(attributePatch(changes, 'validator').Operations);
    expect(operations.map(({ path }) => path)).toEqual(changes.map(({ path }) => path));
    expect(operations[1]?.value).toBe(false);
    expect(['', null]).toContain(operations.at(-1)?.value);
  });
});

describe('a style', () => {
  it('can be asked for: booleans, managers and removals in one form only', () => {
    const { Operations } = attributePatch(changes, 'flag', { booleans: 'text' });
    expect(objectsIn(Operations).find(({ path }) => path === 'active')?.value).toBe('False');
    expect(setManager('7', style('flag', { manager: 'dot' }), random).Operations).toMatchObject([
      { path: `${ENTERPRISE_SCHEMA}.manager`, value: '7' },
    ]);
    const [body] = memberPatches({ join: [], leave: ['1'] }, styles('flag', { removal: 'list' }), random);
    expect(body?.Operations).toMatchObject([{ path: 'members', value: [{ value: '1' }] }]);
  });

  it('with odd variants reaches every form of each', () => {
    const odd = (dialect: Dialect) => style(dialect, { isOdd: true });
    const many = (body: (dialect: Dialect) => unknown) =>
      new Set(Array.from({ length: 500 }, () => JSON.stringify(body(random.pick(['legacy', 'flag', 'validator'])))));
    expect(many((dialect) => setManager('7', odd(dialect), random)).size).toBeGreaterThan(15);
    expect(many((dialect) => clearManager('7', odd(dialect), random)).size).toBeGreaterThan(10);
    const removals = [...many((dialect) => patchOf(changes.slice(-1), odd(dialect), random))].join();
    for (const form of ['"value":"Engineer"', '"value":""', '"value":null', '"op":"REMOVE"', '"path":"Title"']) {
      expect(removals).toContain(form);
    }
  });

  it('replaces the whole set of members only where everybody is known', () => {
    const chaos = styles('any', { isOdd: true });
    const replaced = (whole?: string[]) =>
      Array.from({ length: 100 }, () => memberPatches({ join: ['1'], leave: ['2'], whole }, chaos, random)).filter(
        (bodies) => JSON.stringify(bodies).includes('"replace","path":"members"'),
      ).length;
    expect(replaced()).toBe(0);
    expect(replaced(['1', '3'])).toBeGreaterThan(10);
  });
});
