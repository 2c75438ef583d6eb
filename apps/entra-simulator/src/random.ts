/** Chance that can be repeated: the same words always give the same run of numbers. */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice;
  shuffled<Item>(items: Iterable<Item>): Item[];
  guid(): string;
}

/**
 * A generator of its own for each thing (`'user', seed, 17`), so that what happens to one object
 * does not depend on the order in which parallel requests were answered.
 */
export function randomFrom(...words: readonly (string | number)[]): Random {
  const next = mulberry32(hash(words.join('|')));
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      return choice === undefined ? choices[0] : choice;
    },
    shuffled: (items) => shuffled([...items], below),
    guid: () => guid(below),
  };
}

function shuffled<Item>(items: Item[], below: (limit: number) => number): Item[] {
  const keyed = items.map((item) => ({ item, key: below(2 ** 32) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function guid(below: (limit: number) => number): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + below(4)).toString(16)}${hex(3)}-${hex(12)}`;
}

/** FNV-1a, with a final mix so that neighbouring seeds do not start alike. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 15)) >>> 0;
}

function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
