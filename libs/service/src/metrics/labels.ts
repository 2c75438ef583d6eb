/** All values that a label may have, or how many whole numbers from 0. */
export type Values = readonly string[] | number;
export type Labels = Readonly<Record<string, Values>>;

/** A value for each label; text where the values are a list. */
export type Given<L extends Labels> = { readonly [Name in keyof L]: L[Name] extends number ? number : string };

const OTHER = 'other';

/**
 * The children of a metric, one for each combination of label values that has been seen. There is an end to them, whatever
 * is given: a value that was not foreseen is counted as `other`.
 */
export class Children<L extends Labels, Child> {
  private readonly known: { name: string; isValue: (value: string | number) => boolean }[];
  private readonly children = new Map<string, Child>();

  constructor(
    labels: L,
    private readonly make: (values: Record<string, string>) => Child,
  ) {
    this.known = Object.entries(labels).map(([name, values]) => ({ name, isValue: among(values) }));
  }

  of(given: Given<L>): Child {
    const values = this.known.map(({ name, isValue }) => {
      const value = (given as Record<string, string | number>)[name] ?? OTHER;
      return isValue(value) ? String(value) : OTHER;
    });
    const key = values.join(' ');
    const known = this.children.get(key);
    if (known !== undefined) return known;
    const child = this.make(Object.fromEntries(this.known.map(({ name }, at) => [name, values[at] ?? OTHER])));
    this.children.set(key, child);
    return child;
  }
}

function among(values: Values): (value: string | number) => boolean {
  if (typeof values === 'number')
    return (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < values;
  const all = new Set<string | number>(values);
  return (value) => all.has(value);
}

/** How many series a metric with these labels has at most. */
export const seriesMax = (labels: Labels): number =>
  Object.values(labels).reduce<number>(
    (all, values) => all * ((typeof values === 'number' ? values : values.length) + 1),
    1,
  );
