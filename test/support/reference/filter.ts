import fc from 'fast-check';
import type { Resource } from '../scim.js';

// A second, plain reading of RFC 7644 §3.4.2.2, written from the RFC alone, to hold the server's against.

type Value = string | boolean | number;

/** An attribute as the reference knows it: the keys that lead to it, and how its values compare. */
interface Known {
  written: string;
  keys: string[];
  kind: 'text' | 'exact' | 'boolean' | 'date' | 'number';
  isList?: true;
}

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** What the directory of the test has of its own. */
export const OWN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
const KNOWN: Known[] = [
  { written: 'userName', keys: ['userName'], kind: 'text' },
  { written: 'displayName', keys: ['displayName'], kind: 'text' },
  { written: 'title', keys: ['title'], kind: 'text' },
  { written: 'externalId', keys: ['externalId'], kind: 'exact' },
  { written: 'active', keys: ['active'], kind: 'boolean' },
  { written: 'name.familyName', keys: ['name', 'familyName'], kind: 'text' },
  { written: 'meta.created', keys: ['meta', 'created'], kind: 'date' },
  { written: `${ENTERPRISE}:department`, keys: [ENTERPRISE, 'department'], kind: 'text' },
  { written: `${OWN}:shoeSize`, keys: [OWN, 'shoeSize'], kind: 'number' },
  { written: `${OWN}:badge`, keys: [OWN, 'badge'], kind: 'exact' },
  { written: `${OWN}:hired`, keys: [OWN, 'hired'], kind: 'date' },
  { written: `${OWN}:skills`, keys: [OWN, 'skills'], kind: 'text', isList: true },
  { written: `${OWN}:marks`, keys: [OWN, 'marks'], kind: 'number', isList: true },
  { written: 'emails.value', keys: ['emails', 'value'], kind: 'text', isList: true },
  { written: 'emails', keys: ['emails', 'value'], kind: 'text', isList: true },
  { written: 'emails.type', keys: ['emails', 'type'], kind: 'text', isList: true },
  { written: 'emails.primary', keys: ['emails', 'primary'], kind: 'boolean', isList: true },
];
const INSIDE: Known[] = [
  { written: 'value', keys: ['value'], kind: 'text' },
  { written: 'type', keys: ['type'], kind: 'text' },
  { written: 'primary', keys: ['primary'], kind: 'boolean' },
];

export type Condition =
  | { is: 'and' | 'or'; terms: Condition[] }
  | { is: 'not'; term: Condition }
  | { is: 'some'; where: Condition }
  | { is: 'present'; of: Known }
  | { is: 'compare'; of: Known; op: string; value: Value };

/** Texts that make trouble: case, accents, SQL's and JSON's special characters, beyond the first plane. */
export const TEXTS = ['a', 'A', 'ab', 'B', 'bA', 'É', 'é', 'ß', 'ss', '%', '_', '\\', '"', "'", ' ', '😀', 'z{2}', ''];
/** Numbers that make trouble: signs, fractions that no binary has, the ends of what is exact. */
export const NUMBERS = [-1.5, -1, 0, 0.1, 0.30000000000000004, 1, 2, 9007199254740991, 1e21, 1e-7];
const text = fc.constantFrom(...TEXTS.filter((each) => each !== ''));
const TEXT_OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

function comparison(of: Known): fc.Arbitrary<Condition> {
  const operators = {
    text: TEXT_OPERATORS,
    exact: TEXT_OPERATORS,
    boolean: ['eq', 'ne'],
    date: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
    number: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  }[of.kind];
  // The RFC does not say what "ne" means for a list.
  const op = fc.constantFrom(...operators.filter((each) => each !== 'ne' || of.isList !== true));
  const value: fc.Arbitrary<Value> =
    of.kind === 'boolean'
      ? fc.boolean()
      : of.kind === 'date'
        ? fc.constantFrom('2020-01-01T00:00:00Z', '2024-05-01T12:00:00Z', '2999-12-31T23:59:59+01:00')
        : of.kind === 'number'
          ? fc.constantFrom(...NUMBERS)
          : text;
  return fc.record({ is: fc.constant('compare' as const), of: fc.constant(of), op, value });
}

function conditions(known: Known[], isInside: boolean): fc.Arbitrary<Condition> {
  const leaf = fc
    .constantFrom(...known)
    .chain((of) => fc.oneof({ weight: 4, arbitrary: comparison(of) }, fc.constant<Condition>({ is: 'present', of })));
  return fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      fc.record({
        is: fc.constantFrom('and' as const, 'or' as const),
        terms: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ is: fc.constant('not' as const), term: tie('node') }),
      ...(isInside ? [] : [conditions(INSIDE, true).map((where): Condition => ({ is: 'some', where }))]),
    ),
  })).node;
}

export const anyCondition = conditions(KNOWN, false);

/** Writes a condition as a client would; every second name and operator in capitals. */
export function written(condition: Condition, depth = 0): string {
  const shout = (word: string) => (depth % 2 === 0 ? word : word.toUpperCase());
  switch (condition.is) {
    case 'and':
    case 'or': {
      const inner = condition.terms.map((term) => written(term, depth + 1)).join(` ${shout(condition.is)} `);
      return depth === 0 ? inner : `(${inner})`;
    }
    case 'not':
      return `${shout('not')} (${written(condition.term, depth + 1)})`;
    case 'some':
      return `emails[${written(condition.where, depth + 1)}]`;
    case 'present':
      return `${shout(condition.of.written)} ${shout('pr')}`;
    case 'compare':
      return `${shout(condition.of.written)} ${shout(condition.op)} ${JSON.stringify(condition.value)}`;
  }
}

export function holds(condition: Condition, thing: unknown): boolean {
  switch (condition.is) {
    case 'and':
      return condition.terms.every((term) => holds(term, thing));
    case 'or':
      return condition.terms.some((term) => holds(term, thing));
    case 'not':
      return !holds(condition.term, thing);
    case 'some':
      return (
        ((thing as Resource).emails as unknown[] | undefined)?.some((email) => holds(condition.where, email)) ?? false
      );
    case 'present':
      // A list is present when it has an element, whatever that says.
      return valuesAt(thing, condition.of.written === 'emails' ? ['emails'] : condition.of.keys).length > 0;
    case 'compare': {
      const values = valuesAt(thing, condition.of.keys);
      if (values.length === 0) return condition.op === 'ne';
      return values.some((value) => compares(condition, value));
    }
  }
}

function valuesAt(thing: unknown, [key, ...rest]: string[]): unknown[] {
  if (thing === undefined || thing === null) return [];
  if (Array.isArray(thing)) return thing.flatMap((item) => valuesAt(item, [key ?? '', ...rest]));
  if (key === undefined) return [thing];
  const next = (thing as Record<string, unknown>)[key];
  if (rest.length > 0) return valuesAt(next, rest);
  return next === undefined ? [] : Array.isArray(next) ? next : [next];
}

function compares({ of, op, value }: Condition & { is: 'compare' }, found: unknown): boolean {
  if (of.kind === 'boolean') return (found === value) === (op === 'eq');
  if (of.kind === 'date') return ordered(op, Date.parse(String(found)) - Date.parse(String(value)));
  if (of.kind === 'number') return ordered(op, Number(found) - Number(value));
  const fold = (each: unknown) => (of.kind === 'exact' ? String(each) : String(each).toLowerCase());
  const [a, b] = [fold(found), fold(value)];
  if (op === 'co') return a.includes(b);
  if (op === 'sw') return a.startsWith(b);
  if (op === 'ew') return a.endsWith(b);
  return ordered(op, Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function ordered(op: string, difference: number): boolean {
  return (
    {
      eq: difference === 0,
      ne: difference !== 0,
      gt: difference > 0,
      ge: difference >= 0,
      lt: difference < 0,
      le: difference <= 0,
    }[op] ?? false
  );
}
