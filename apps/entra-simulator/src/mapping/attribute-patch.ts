import type { Random } from '../random.js';
import { isValuePath } from './attribute-path.js';
import type { Difference } from './compare.js';
import { patchBody } from './dialect.js';
import { inOtherCase } from './odd-names.js';
import { isScimObject, type ScimObject } from './scim-object.js';
import type { Style } from './style.js';
import type { Wanted } from './wanted.js';

/** The PATCH that takes the differences away. */
export function attributePatch(changes: readonly Difference[], style: Style, random: Random): ScimObject {
  const operations = operationsIn(style, changes, random);
  return patchBody(style.isOdd ? random.shuffled(operations).map((each) => odd(each, random)) : operations);
}

function operationsIn(style: Style, changes: readonly Difference[], random: Random): ScimObject[] {
  switch (style.dialect) {
    case 'legacy':
      return changes.map((change) => legacy(change, style, random));
    case 'flag':
      return withFlag(changes, style, random);
    case 'validator':
      return changes.map((change) => verbose(change, style, random));
  }
}

/** One operation for each attribute; whether it says Add or Replace cannot be foretold. */
function legacy({ path, wanted, found }: Difference, style: Style, random: Random): ScimObject {
  // A Remove names the old value beside a path that is already complete.
  if (wanted === undefined) return cleared({ op: 'Remove', path, value: found }, style, random);
  const op = Array.isArray(wanted) ? listOperation(wanted, found, random) : random.pick(['Add', 'Replace', 'Replace']);
  const value = op === 'Add' && Array.isArray(wanted) ? missing(wanted, found) : asText(wanted, style, random);
  return { op, path, value };
}

/** Add can only bring what is missing; where something has to go, the list is replaced. */
function listOperation(wanted: readonly unknown[], found: unknown, random: Random): string {
  const present: unknown[] = Array.isArray(found) ? found : [];
  const isGrowing = present.every((element) => wanted.some((each) => isAlike(each, element)));
  return isGrowing ? random.pick(['Add', 'Replace']) : 'Replace';
}

function missing(wanted: readonly unknown[], found: unknown): unknown[] {
  const present: unknown[] = Array.isArray(found) ? found : [];
  return wanted.filter((each) => !present.some((element) => isAlike(each, element)));
}

const isAlike = (wanted: unknown, element: unknown) =>
  isScimObject(wanted) && isScimObject(element)
    ? Object.entries(wanted).every(([key, value]) => element[key] === value)
    : wanted === element;

/** Lower case, real booleans, and all single-valued attributes in one operation without a path. */
function withFlag(changes: readonly Difference[], style: Style, random: Random): ScimObject[] {
  const removed = changes.filter(({ wanted }) => wanted === undefined);
  const set = changes.filter(({ wanted }) => wanted !== undefined);
  const alone = set.filter(({ path, wanted }) => isValuePath(path) || path === 'active' || Array.isArray(wanted));
  const merged = set.filter((change) => !alone.includes(change));
  return [
    ...removed.map(({ path }) => cleared({ op: 'remove', path }, style, random)),
    ...alone.map(({ path, wanted }) => ({ op: 'replace', path, value: asBoolean(wanted, 'real', style, random) })),
    ...(merged.length > 0 ? [{ op: 'replace', value: keysAndValues(merged, style, random) }] : []),
  ];
}

/** Dotted keys, and names with their URN; RFC 7644 §3.5.2 would nest an extension's, and that is seen too. */
function keysAndValues(changes: readonly Difference[], style: Style, random: Random): ScimObject {
  const value: ScimObject = {};
  const isNested = style.isOdd && random.chance(0.3);
  for (const { path, wanted } of changes) {
    const colon = path.lastIndexOf(':');
    if (!isNested || colon < 0) {
      value[path] = wanted;
      continue;
    }
    const holder = value[path.slice(0, colon)];
    value[path.slice(0, colon)] = { ...(isScimObject(holder) ? holder : {}), [path.slice(colon + 1)]: wanted };
  }
  return value;
}

/** One path for each attribute, in small letters; an attribute is cleared by an empty text or by null. */
function verbose({ path, wanted }: Difference, style: Style, random: Random): ScimObject {
  if (wanted === undefined) return cleared({ op: 'replace', path, value: random.pick(['', null]) }, style, random);
  const op = Array.isArray(wanted) ? 'replace' : random.pick(['add', 'replace', 'replace']);
  return { op, path, value: asBoolean(wanted, 'real', style, random) };
}

/** With odd variants each dialect may clear as the others do. */
function cleared(usual: ScimObject, { isOdd }: Style, random: Random): ScimObject {
  if (!isOdd) return usual;
  const { path } = usual;
  return random.pick([usual, { op: 'Remove', path }, { op: 'Replace', path, value: random.pick(['', null]) }]);
}

/** Without the flag everything travels as text. */
function asText(value: Wanted, style: Style, random: Random): unknown {
  return typeof value === 'number' && random.chance(0.7) ? String(value) : asBoolean(value, 'text', style, random);
}

/** The default mapping computes `active` with Switch, and Switch gives a text. */
export function asBoolean(
  value: unknown,
  usual: 'text' | 'real',
  { booleans }: Pick<Style, 'booleans'>,
  random: Random,
) {
  if (typeof value !== 'boolean') return value;
  const text = value ? 'True' : 'False';
  switch (booleans) {
    case 'text':
      return text;
    case 'lower':
      return text.toLowerCase();
    case 'real':
      return value;
    case 'dialect':
      return usual === 'real' ? value : random.pick([text, text, text.toLowerCase(), value]);
  }
}

const odd = ({ op, path, ...rest }: ScimObject, random: Random): ScimObject => ({
  op: typeof op === 'string' && random.chance(0.2) ? op.toUpperCase() : op,
  ...(typeof path === 'string' ? { path: random.chance(0.2) ? inOtherCase(path) : path } : {}),
  ...rest,
});
