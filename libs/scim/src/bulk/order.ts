/** The order in which bulk operations can be carried out, and the references that can only be filled in afterwards. */
export interface BulkOrder {
  readonly order: readonly number[];
  /** Operation → those that it refers to and that come after it, because they refer back to it. */
  readonly later: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * Orders operations so that each comes after those it refers to, and otherwise as they were given (RFC 7644 §3.7.2). Where
 * references go in a circle (§3.7.1), one of them is left for later. `needs[i]` are the places of what operation i refers to.
 */
export function orderBulk(needs: readonly (readonly number[])[]): BulkOrder {
  const order: number[] = [];
  const later = new Map<number, Set<number>>();
  const state = new Map<number, 'open' | 'done'>();
  const visit = (place: number): void => {
    state.set(place, 'open');
    for (const needed of needs[place] ?? []) {
      if (state.get(needed) === 'open') later.set(place, (later.get(place) ?? new Set()).add(needed));
      else if (state.get(needed) === undefined) visit(needed);
    }
    state.set(place, 'done');
    order.push(place);
  };
  needs.forEach((_, place) => {
    if (state.get(place) === undefined) visit(place);
  });
  return { order, later };
}
