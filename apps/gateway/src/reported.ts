import type { Called } from './bearer.guard.js';
import type { Failure } from './failure.js';

/** A request with what became of it. Operations of a bulk request that failed are told one by one (design, 7). */
export type Reported = Called & { failure?: Failure; failedParts?: readonly FailedPart[] };

export interface FailedPart {
  method: string;
  /** Below the base: `/Users/…`. */
  path: string;
  body: unknown;
  failure: Failure;
}
