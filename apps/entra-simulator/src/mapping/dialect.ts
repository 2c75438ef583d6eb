import type { Random } from '../random.js';
import { isValuePath } from './attribute-path.js';
import type { Difference } from './compare.js';
import { PATCH_SCHEMA, type ScimObject } from './scim-object.js';

/** `legacy` is what Entra speaks by default, `flag` what `?aadOptscim062020` in the Tenant URL switches on. */
export type Dialect = 'legacy' | 'flag';

export const DIALECT_CHOICES = ['legacy', 'flag', 'mixed'] as const;

/** `mixed` is a tenant that uses on-demand provisioning beside the flag: either dialect, request by request. */
export type DialectChoice = (typeof DIALECT_CHOICES)[number];

export function dialectOf(choice: DialectChoice, random: Random): Dialect {
  return choice === 'mixed' ? random.pick(['legacy', 'flag']) : choice;
}

export const patchBody = (operations: readonly ScimObject[]): ScimObject => ({
  schemas: [PATCH_SCHEMA],
  Operations: operations,
});

/** The PATCH that takes the differences away. */
export function attributePatch(changes: readonly Difference[], dialect: Dialect, random: Random): ScimObject {
  return patchBody(dialect === 'legacy' ? legacy(changes, random) : withFlag(changes));
}

/** One operation for each attribute; whether it says Add or Replace cannot be foretold. */
function legacy(changes: readonly Difference[], random: Random): ScimObject[] {
  return changes.map(({ path, wanted, found }) => {
    // A Remove names the old value beside a path that is already complete.
    if (wanted === undefined) return { op: 'Remove', path, value: found };
    const value = typeof wanted === 'boolean' ? booleanText(wanted, random) : wanted;
    return { op: random.pick(['Add', 'Replace', 'Replace']), path, value };
  });
}

/** Lower case, real booleans, and all single-valued attributes in one operation without a path. */
function withFlag(changes: readonly Difference[]): ScimObject[] {
  const removed = changes.filter(({ wanted }) => wanted === undefined);
  const set = changes.filter(({ wanted }) => wanted !== undefined);
  const alone = set.filter(({ path }) => isValuePath(path) || path === 'active');
  const merged = set.filter((change) => !alone.includes(change));
  return [
    ...removed.map(({ path }) => ({ op: 'remove', path })),
    ...alone.map(({ path, wanted }) => ({ op: 'replace', path, value: wanted })),
    ...(merged.length > 0 ? [{ op: 'replace', value: keysAndValues(merged) }] : []),
  ];
}

const keysAndValues = (changes: readonly Difference[]): ScimObject =>
  Object.fromEntries(changes.map(({ path, wanted }) => [path, wanted]));

/** The default mapping computes `active` with Switch, and Switch gives a text. */
function booleanText(value: boolean, random: Random): string | boolean {
  return random.pick(value ? ['True', 'True', 'true', true] : ['False', 'False', 'false', false]);
}
