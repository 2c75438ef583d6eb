import type { Random } from '../random.js';
import { patchBody } from './dialect.js';
import type { ScimObject } from './scim-object.js';
import { styleOf, type Style, type Styles } from './style.js';

const MEMBERS_PER_REQUEST_MAX = 3;
/** Nobody has seen a longer list in one `replace`. */
const MEMBERS_REPLACED_MAX = 100;

/** Which ids have to join a group and which have to leave it. */
export interface MemberChanges {
  join: readonly string[];
  leave: readonly string[];
  /** Who is to be in it in the end, where that is known to be everybody: only then may the set be replaced. */
  whole?: readonly string[];
}

/** A change of members as many small PATCHes. No id is in two of them, so they may be sent in any order. */
export function memberPatches(changes: MemberChanges, styles: Styles, random: Random): ScimObject[] {
  if (changes.join.length + changes.leave.length === 0) return [];
  const whole = wholeSet(changes, styles, random);
  if (whole) return [whole];
  const bodies = [
    ...portions(changes.join, random).map((ids) => body(joining(ids, styleOf(styles, random), random), styles, random)),
    ...portions(changes.leave, random).map((ids) =>
      body(leaving(ids, styleOf(styles, random), random), styles, random),
    ),
  ];
  return random.shuffled(bodies);
}

/** The exact set, as the validator sends it; nobody at all is a bare `remove` (RFC 7644 §3.5.2.2). */
function wholeSet({ whole }: MemberChanges, styles: Styles, random: Random): ScimObject | undefined {
  if (!whole || whole.length > MEMBERS_REPLACED_MAX || !styles.isOdd || !random.chance(0.3)) return undefined;
  if (whole.length === 0) return patchBody([{ op: 'remove', path: 'members' }]);
  return patchBody([{ op: 'replace', path: 'members', value: whole.map((value) => ({ value })) }]);
}

function joining(ids: readonly string[], style: Style, random: Random): ScimObject[] {
  if (style.dialect !== 'legacy') return [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }];
  const op = 'Add';
  const path = 'members';
  const entry = (id: string) => entryOf(id, style, random);
  return random.chance(0.7)
    ? [{ op, path, value: ids.map(entry) }]
    : ids.map((id) => ({
        op,
        path,
        value: style.isOdd ? random.pick<unknown>([[entry(id)], entry(id), id]) : [entry(id)],
      }));
}

/** Without the flag a list of values beside the path: it means these members, not the whole attribute. */
function leaving(ids: readonly string[], style: Style, random: Random): ScimObject[] {
  const op = style.dialect === 'legacy' ? 'Remove' : 'remove';
  return style.removal === 'list'
    ? [{ op, path: 'members', value: ids.map((id) => entryOf(id, style, random)) }]
    : ids.map((id) => ({ op, path: `members[value eq "${id}"]` }));
}

/** `$ref` is null on the wire; Microsoft's own tests add keys that nobody has defined. */
function entryOf(value: string, { isOdd }: Style, random: Random): ScimObject {
  const usual = { $ref: null, value };
  if (!isOdd) return usual;
  return random.pick([
    usual,
    usual,
    { ...usual, displayName: 'Somebody' },
    { value, display: 'Somebody', type: 'User' },
  ]);
}

/** Keys that do not belong there, and a member whom nobody knows: Microsoft's tests send both and expect success. */
function body(operations: ScimObject[], { isOdd }: Styles, random: Random): ScimObject {
  if (!isOdd || !random.chance(0.15)) return patchBody(operations);
  const stranger = {
    op: 'Add',
    path: 'members',
    value: random.pick<unknown>(['string id 1', [{ value: random.guid() }]]),
  };
  const named = operations.map((operation) => ({ name: 'addMember', ...operation }));
  return { id: random.guid(), ...patchBody(random.chance(0.3) ? [...named, stranger] : named) };
}

function portions(ids: readonly string[], random: Random): string[][] {
  const rest = [...ids];
  const cut: string[][] = [];
  while (rest.length > 0) cut.push(rest.splice(0, 1 + random.below(MEMBERS_PER_REQUEST_MAX)));
  return cut;
}
