import { isObject } from '../json.js';
import type { Chance } from './random.contract.js';
import { FILTERS, GROUPS, OPERATIONS, PIECES, USERS } from './seeds.contract.js';

const LENGTH_MAX = 3_000;

/** Changes a text at a few places: takes out, puts in, doubles, swaps. */
export function mutateText(chance: Chance, text: string): string {
  let mutated = text;
  for (let left = chance.below(4); left >= 0; left--) {
    const at = chance.below(mutated.length + 1);
    const end = Math.min(mutated.length, at + 1 + chance.below(6));
    const [before, middle, after] = [mutated.slice(0, at), mutated.slice(at, end), mutated.slice(end)];
    switch (chance.below(5)) {
      case 0:
        mutated = before + after;
        break;
      case 1:
        mutated = before + chance.of(PIECES) + middle + after;
        break;
      case 2:
        mutated = before + middle.repeat(1 + chance.below(40)) + after;
        break;
      case 3:
        mutated = `${before} ${chance.of(PIECES)} ${after}`;
        break;
      default:
        mutated = before + String.fromCharCode(chance.below(chance.is(0.8) ? 128 : 65_536)) + after;
    }
  }
  return mutated.slice(0, LENGTH_MAX);
}

/** Changes a JSON value at a few places: other types, other names, doubled, nested, gone. */
export function mutateJson(chance: Chance, value: unknown): unknown {
  if (chance.is(0.06)) return anything(chance);
  if (typeof value === 'string') return chance.is(0.15) ? mutateText(chance, value) : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mutateJson(chance, item));
    return chance.is(0.05) ? [...items, ...items, anything(chance)] : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
    if (chance.is(0.04)) return [];
    const called = chance.is(0.06)
      ? chance.of([name.toUpperCase(), mutateText(chance, name), chance.of(PIECES)])
      : name;
    return [[called, mutateJson(chance, item)]];
  });
  if (chance.is(0.06)) entries.push([chance.of(PIECES), anything(chance)]);
  return Object.fromEntries(entries);
}

function anything(chance: Chance): unknown {
  switch (chance.below(9)) {
    case 0:
      return null;
    case 1:
      return chance.of(PIECES);
    case 2:
      return chance.of([0, -1, 1e308, 0.1, Number.MAX_SAFE_INTEGER]);
    case 3:
      return chance.is(0.5);
    case 4:
      return [];
    case 5:
      return {};
    case 6:
      return nested(chance.below(25));
    case 7:
      return Array.from({ length: chance.below(20) }, () => chance.of(PIECES));
    default:
      return Object.fromEntries(Array.from({ length: chance.below(5) }, () => [chance.of(PIECES), chance.of(PIECES)]));
  }
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

export const aFilter = (chance: Chance): string => mutateText(chance, chance.of(FILTERS));
export const aBody = (chance: Chance): unknown => mutateJson(chance, chance.of([...USERS, ...GROUPS]));
export const aPatch = (chance: Chance): unknown => {
  const operations = Array.from({ length: chance.below(6) }, () => anOperation(chance));
  return chance.is(0.02) ? mutateJson(chance, { Operations: operations }) : { Operations: operations };
};

function anOperation(chance: Chance): unknown {
  const operation = mutateJson(chance, chance.of(OPERATIONS));
  if (!isObject(operation) || !chance.is(0.2)) return operation;
  return {
    ...operation,
    path: `${chance.of(['emails', 'roles', 'members', 'name'])}[${aFilter(chance)}]${chance.of(['', '.value'])}`,
  };
}

export const aBulk = (chance: Chance): unknown => ({
  Operations: Array.from({ length: chance.below(5) }, (_, place) =>
    mutateJson(chance, {
      method: chance.of(['POST', 'PUT', 'PATCH', 'DELETE']),
      path: chance.of(['/Users', '/Groups', '/Users/1', '/Groups/bulkId:0']),
      bulkId: String(place),
      data: chance.of([...USERS, ...GROUPS, { members: [{ value: `bulkId:${chance.below(6)}` }] }]),
    }),
  ),
});
