import type { Random } from '../random.js';

/** What may stand in a filter without quotes: no space, no bracket, nothing that is a number or a word of the grammar. */
const BARE = /^(?!(?:true|false|null|and|or|not)$)[A-Za-z][\w.@-]*$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Compared without case: RFC 7643 §4.1.1 for names; addresses by custom. Ids and `externalId` are exact. */
const WITHOUT_CASE = new Set(['userName', 'displayName', 'emails[type eq "work"].value', 'emails.value']);

/** `path eq "value"`, as Entra writes it. */
export const equal = (path: string, value: string) => `${path} eq ${JSON.stringify(value)}`;

/** The same question in another spelling: without quotes, in other letters, the operator with a capital. */
export function oddEqual(path: string, value: string, random: Random): string {
  const written = WITHOUT_CASE.has(path) ? random.pick([value, value.toUpperCase(), value.toLowerCase()]) : value;
  const isSame = written.toLowerCase() === value.toLowerCase();
  const operand = isSame ? written : value;
  const quoted = BARE.test(operand) && random.chance(0.3) ? operand : JSON.stringify(operand);
  const name = random.chance(0.2) && !path.includes(':') ? path.charAt(0).toUpperCase() + path.slice(1) : path;
  return `${name} ${random.pick(['eq', 'eq', 'Eq'])} ${quoted}`;
}
