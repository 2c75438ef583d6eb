import { LIST_SCHEMA } from '../schema/message-schemas.js';

export interface Page {
  /** How many there are in all. */
  total: number;
  /** The 1-based place of the first one here; left out when paging by cursor (RFC 9865 §2). */
  startIndex?: number;
  nextCursor?: string;
  previousCursor?: string;
}

/** The envelope of a query's answer (RFC 7644 §3.4.2): an array always, also for one hit or none (Q16). */
export function listResponse(resources: readonly object[], page: Page): object {
  const { total, startIndex, nextCursor, previousCursor } = page;
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    ...(startIndex !== undefined && { startIndex }),
    itemsPerPage: resources.length,
    ...(previousCursor !== undefined && { previousCursor }),
    ...(nextCursor !== undefined && { nextCursor }),
    Resources: resources,
  };
}

/**
 * The same envelope around resources that are written one after another, as JSON: how many they are, and where the next page
 * begins, is only known at the end.
 */
export function listFrame({ total, startIndex }: Pick<Page, 'total' | 'startIndex'>) {
  const known = { schemas: [LIST_SCHEMA], totalResults: total, startIndex };
  return {
    head: `${JSON.stringify(known).slice(0, -1)},"Resources":[`,
    tail: (itemsPerPage: number, nextCursor?: string) => `],${JSON.stringify({ itemsPerPage, nextCursor }).slice(1)}`,
  };
}
