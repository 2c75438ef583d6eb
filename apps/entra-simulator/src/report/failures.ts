import type { Evidence } from '../protocol/failure.js';

const EXAMPLES_MAX = 3;

/** One failure of one object. */
export interface Failure extends Evidence {
  reason: string;
  /** The userName or the displayName, or what else was being done. */
  object: string;
}

export type Example = Evidence & Pick<Failure, 'object'>;

/** All failures with the same reason, and the first few of them. */
export interface Reason {
  reason: string;
  count: number;
  examples: readonly Example[];
}

/** Failures by reason, the most frequent first. */
export function reasonsOf(failures: readonly Failure[]): Reason[] {
  const grouped = Map.groupBy(failures, ({ reason }) => reason);
  return [...grouped]
    .map(([reason, alike]) => ({
      reason,
      count: alike.length,
      examples: alike.slice(0, EXAMPLES_MAX).map(exampleOf),
    }))
    .sort((a, b) => b.count - a.count);
}

const exampleOf = ({ object, request, status, scimType, detail }: Failure): Example => ({
  object,
  request,
  status,
  scimType,
  detail,
});
