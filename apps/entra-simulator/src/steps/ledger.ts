import type { Evidence } from '../protocol/failure.js';
import { noCounts, type Counts, type Outcome } from '../report/counts.js';
import type { Failure } from '../report/failures.js';

/** What one cycle did to each object. */
export class Ledger {
  readonly failures: Failure[] = [];
  /** Objects left alone because the target has several that fit. */
  readonly duplicates: Failure[] = [];
  referenceFailures = 0;
  private readonly outcomes = new Map<string, Outcome>();

  /** Several steps touch one object. The first that did something names the outcome; a failure outweighs all. */
  note(objectId: string, outcome: Outcome): void {
    const before = this.outcomes.get(objectId) ?? 'skipped';
    if (before === 'skipped' || outcome === 'failed') this.outcomes.set(objectId, outcome);
  }

  fail(objectId: string, object: string, reason: string, evidence: Evidence, isReference = false): void {
    this.note(objectId, 'failed');
    this.failures.push({ object, reason, ...evidence });
    if (isReference) this.referenceFailures += 1;
  }

  skip(objectId: string, object: string, reason: string, evidence: Evidence): void {
    this.note(objectId, 'skipped');
    this.duplicates.push({ object, reason, ...evidence });
  }

  outcomeOf(objectId: string): Outcome | undefined {
    return this.outcomes.get(objectId);
  }

  counts(): Counts {
    const counts = { ...noCounts(), duplicates: this.duplicates.length };
    for (const outcome of this.outcomes.values()) counts[outcome] += 1;
    return counts;
  }

  /** What the rule of quarantine looks at. */
  happened() {
    const failures = this.failures.length - this.referenceFailures;
    return { events: this.outcomes.size, failures, referenceFailures: this.referenceFailures };
  }
}
