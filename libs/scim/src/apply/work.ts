import { ScimError } from '../error.js';
import { alternativesOf } from '../filter/alternatives.js';
import type { Plan } from '../filter/plan.js';
import { PATCH_WORK_MAX } from '../limits.js';

/** What a PATCH may cost: each operation is within its limits, but 1,000 of them on lists of 1,000 are not (design, 8). */
export class Work {
  private left = PATCH_WORK_MAX;

  /** Takes note of what comes next. Throws ScimError 400 tooMany when it would be too much for one PATCH. */
  spend(comparisons: number): void {
    this.left -= comparisons;
    if (this.left >= 0) return;
    throw new ScimError(400, 'tooMany', 'This PATCH compares more values than one request may; send it in parts.');
  }
}

/** How many comparisons a plan makes of one element, at most. */
export function comparisonsOf(plan: Plan): number {
  switch (plan.kind) {
    case 'or': {
      const alternatives = alternativesOf(plan.terms);
      if (alternatives === undefined) return sumOf(plan.terms);
      return 1 + Math.max(...[...alternatives.byText.values()].map(sumOf));
    }
    case 'and':
      return sumOf(plan.terms);
    case 'not':
      return comparisonsOf(plan.term);
    case 'some':
      return comparisonsOf(plan.where);
    default:
      return 1;
  }
}

const sumOf = (plans: readonly Plan[]): number => plans.reduce((sum, plan) => sum + comparisonsOf(plan), 0);
