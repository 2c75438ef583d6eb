import { memberId, readMemberIds } from '../body/members.js';
import { ScimError } from '../error.js';
import type { Filter } from '../filter/filter.js';
import type { Aimed } from './aim.js';
import type { MemberOperation } from './operation.js';

/**
 * Gives what an operation on `members` does. `remove` with a value removes exactly those listed (Q4), with a filter those
 * selected (Q5), and only a bare one removes everybody; `replace` names the whole set. Throws ScimError 400: invalidPath for a
 * filter that does not select by value, invalidValue for members of another form.
 */
export function memberOperations({ op, target, where, raw }: Aimed): MemberOperation[] {
  if (target.sub !== undefined && target.sub.name !== 'value') return [];
  if (where !== undefined) return onSelected(op, selectedIds(where), raw);
  const ids = readMemberIds(raw);
  switch (op) {
    case 'add':
      return some('add', ids);
    case 'replace':
      return [ids.length === 0 ? { do: 'clear' } : { do: 'replace', ids }];
    case 'remove':
      return raw === undefined || raw === null ? [{ do: 'clear' }] : some('remove', ids);
  }
}

function onSelected(op: Aimed['op'], selected: string[], raw: unknown): MemberOperation[] {
  if (op === 'remove') return some('remove', selected);
  const ids = readMemberIds(raw);
  if (op === 'add') return some('add', ids.length === 0 ? selected : ids);
  return [
    ...some(
      'remove',
      selected.filter((id) => !ids.includes(id)),
    ),
    ...some('add', ids),
  ];
}

function some(what: 'add' | 'remove', ids: string[]): MemberOperation[] {
  return ids.length === 0 ? [] : [{ do: what, ids }];
}

/** The ids in `value eq "a" or value eq "b"`; a type beside a value narrows nothing, since ids are unique. */
function selectedIds(where: Filter): string[] {
  return [...new Set(idsIn(where))];
}

function idsIn(where: Filter): string[] {
  if (where.kind === 'or') return where.terms.flatMap(idsIn);
  if (where.kind === 'and') {
    const values = where.terms.filter(isValueComparison);
    const [only] = values;
    if (values.length === 1 && only !== undefined && where.terms.every(isEquality)) return idsIn(only);
  }
  if (isValueComparison(where) && where.kind === 'compare') return [memberId(where.value.text)];
  throw new ScimError(400, 'invalidPath', 'Members can only be selected by value, as in members[value eq "…"].');
}

function isEquality(filter: Filter): boolean {
  return filter.kind === 'compare' && filter.op === 'eq';
}

function isValueComparison(filter: Filter): boolean {
  return filter.kind === 'compare' && filter.op === 'eq' && filter.path.toLowerCase() === 'value';
}
