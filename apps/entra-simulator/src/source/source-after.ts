import { firstDay } from './first-day.js';
import { nextDay } from './next-day.js';
import type { Sizes, Source } from './source.js';

/**
 * The source as it stands when cycle `cycle` begins (cycle 1 is the first). A pure function: a second run with
 * the same arguments knows the same people, whatever the target did meanwhile.
 */
export function sourceAfter(seed: number, sizes: Sizes, cycle: number): Source {
  let source = firstDay(seed, sizes);
  for (let day = 2; day <= cycle; day++) source = nextDay(source, seed, sizes, day);
  return source;
}
