import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Children, type Given, type Labels } from './labels.js';

/** Where every metric of this process is kept; each is made once, when its file is loaded. */
const registry = new Registry();

/** A metric as it was made. */
export interface Metric {
  name: string;
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: Labels;
}
const made: Metric[] = [];

/** Every metric that has been made so far, without those of the process itself. */
export const metricsMade = (): readonly Metric[] => made;

/** What `/metrics` answers, in Prometheus’s text format. */
export const metricsText = (): Promise<string> => registry.metrics();
export const METRICS_TYPE = registry.contentType;

/** Counts what Node tells of the process: memory, CPU, event-loop delay, garbage collection. Once a process. */
export function measureProcess(): void {
  collectDefaultMetrics({ register: registry });
}

/** Something that only grows; its name ends in `_total`. */
export function counter<const L extends Labels>(name: string, help: string, labels: L) {
  const metric = new Counter(keep({ name, kind: 'counter', help, labels }));
  const children = new Children(labels, (values) => metric.labels(values));
  return { add: (given: Given<L>, amount = 1) => children.of(given).inc(amount) };
}

/** How something is spread, in buckets; names end in the unit, `_seconds` or `_bytes`. */
export function histogram<const L extends Labels>(name: string, help: string, buckets: readonly number[], labels: L) {
  const metric = new Histogram({ ...keep({ name, kind: 'histogram', help, labels }), buckets: [...buckets] });
  const children = new Children(labels, (values) => metric.labels(values));
  return { observe: (given: Given<L>, value: number) => children.of(given).observe(value) };
}

type Readings<L extends Labels> = readonly (readonly [Given<L>, number])[];

/** Something that goes up and down. It is looked at when it is asked for: whoever knows it says how, with `read`. */
export function gauge<const L extends Labels>(name: string, help: string, labels: L) {
  let look: () => Readings<L> | Promise<Readings<L>> = () => [];
  const isSingle = Object.keys(labels).length === 0;
  const metric = new Gauge({
    ...keep({ name, kind: 'gauge', help, labels }),
    async collect() {
      // What cannot be looked at now has no value: a 0 that nobody has seen would say that all is well.
      this.reset();
      if (isSingle) this.remove();
      // One that cannot be looked at does not keep the others back.
      const readings = await readingsOf(look);
      for (const [given, value] of readings) children.of(given).set(value);
    },
  });
  const children = new Children(labels, (values) => ({ set: (value: number) => metric.set(values, value) }));
  return { read: (reading: typeof look) => void (look = reading) };
}

async function readingsOf<L extends Labels>(look: () => Readings<L> | Promise<Readings<L>>): Promise<Readings<L>> {
  try {
    return await look();
  } catch {
    return [];
  }
}

function keep(metric: Metric) {
  made.push(metric);
  return { name: metric.name, help: metric.help, labelNames: Object.keys(metric.labels), registers: [registry] };
}
