export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A comparison value as written. What it means depends on the attribute: `bare` tells true from "true". */
export interface FilterValue {
  readonly text: string;
  readonly bare: boolean;
}

/**
 * A filter (RFC 7644 §3.4.2.2) as data: it can travel as JSON. Attribute names are as written and resolved where a resource
 * type is at hand. `some` is a value path: `emails[type eq "work"].value eq "x"` is `some` with both conditions inside.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | { readonly kind: 'compare'; readonly path: string; readonly op: CompareOperator; readonly value: FilterValue }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'some'; readonly path: string; readonly where: Filter };
