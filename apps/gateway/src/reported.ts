import type { Called } from './bearer.guard.js';
import type { Failure } from './failure.js';

/** A request with what became of it. Operations of a bulk request are told one by one, as the requests that they stand for. */
export type Reported = Called & { failure?: Failure; parts?: readonly Part[] };

export interface Part {
  method: string;
  /** Below the base: `/Users/…`. */
  path: string;
  body: unknown;
  status: number;
  failure?: Failure;
}
