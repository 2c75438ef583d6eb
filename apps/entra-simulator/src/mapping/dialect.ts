import type { Random } from '../random.js';
import { PATCH_SCHEMA, type ScimObject } from './scim-object.js';

/**
 * `legacy` is what Entra speaks by default, `flag` what `?aadOptscim062020` in the Tenant URL switches on, `validator`
 * what Microsoft's SCIM validator and its Logic App send.
 */
export type Dialect = 'legacy' | 'flag' | 'validator';

export const DIALECT_CHOICES = ['legacy', 'flag', 'validator', 'mixed', 'any'] as const;

/** `mixed` is a tenant that uses on-demand provisioning beside the flag; `any` is each of the three, request by request. */
export type DialectChoice = (typeof DIALECT_CHOICES)[number];

export function dialectOf(choice: DialectChoice, random: Random): Dialect {
  if (choice === 'any') return random.pick(['legacy', 'flag', 'validator']);
  return choice === 'mixed' ? random.pick(['legacy', 'flag']) : choice;
}

export const patchBody = (operations: readonly ScimObject[]): ScimObject => ({
  schemas: [PATCH_SCHEMA],
  Operations: operations,
});
