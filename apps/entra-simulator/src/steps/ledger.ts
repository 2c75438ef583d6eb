import type { Evidence } from '../protocol/failure.js';
import { noCounts, type Outcome } from '../report/counts.js';
import type { Failure } from '../report/failures.js';

/** What one cycle did to each object. */
export class Ledger {
  readonly failures: Failure[] = [];
  private readonly outcomes = new Map<string, Outcome>();

  /** Several steps touch one object. The first that did something names the outcome; a failure outweighs all. */
  note(objectId: string, outcome: Outcome): void {
    const before = this.outcomes.get(objectId) ?? 'skipped';
    if (before === 'skipped' || outcome === 'failed') this.outcomes.set(objectId, outcome);
  }

  fail(objectId: string, object: string, reason: string, evidence: Evidence): void {
    this.note(objectId, 'failed');
    this.failures.push({ object, reason, ...evidence });
  }

  outcomeOf(objectId: string): Outcome | undefined {
    return this.outcomes.get(objectId);
  }

  counts(): ReturnType<typeof noCounts> {
    const counts = noCounts();
    for (const outcome of this.outcomes.values()) counts[outcome] += 1;
    return counts;
  }
}
