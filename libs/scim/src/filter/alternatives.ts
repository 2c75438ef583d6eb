import type { Plan, Source } from './plan.js';

type Equality = Plan & { kind: 'compare' };

/** Alternatives that all begin with "this one attribute equals …": looked up by the text instead of tried one by one. */
export interface Alternatives {
  readonly source: Source;
  readonly isFolded: boolean;
  readonly byText: ReadonlyMap<string, readonly Plan[]>;
}

/** Gives the terms of an `or` in that form, or undefined where they have another. A list to be removed has 1,000 of them. */
export function alternativesOf(terms: readonly Plan[]): Alternatives | undefined {
  const byText = new Map<string, Plan[]>();
  let first: Equality | undefined;
  for (const term of terms) {
    const equality = leading(term);
    first ??= equality;
    if (first === undefined || equality?.operand.kind !== 'text' || equality.source.path !== first.source.path) {
      return undefined;
    }
    const same = byText.get(equality.operand.text);
    if (same === undefined) byText.set(equality.operand.text, [term]);
    else same.push(term);
  }
  if (first?.operand.kind !== 'text' || first.source.isList) return undefined;
  return { source: first.source, isFolded: first.operand.isFolded, byText };
}

function leading(term: Plan): Equality | undefined {
  const [plan] = term.kind === 'and' ? term.terms : [term];
  return plan?.kind === 'compare' && plan.op === 'eq' ? plan : undefined;
}
