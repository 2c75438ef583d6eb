import { readFileSync } from 'node:fs';
import { seriesMax } from '#libs/service';
import { metrics, metricsTable } from './metrics-page.js';

const SERIES_MAX = 20_000;
const BASE_UNITS =
  /_(seconds|bytes|messages|events|total|commands|mails|connections|owned|known|waiting|ready|set_up)$/;

describe('every metric', () => {
  it('stands in docs/operations.md (`npm run docs` puts it there)', () => {
    expect(metrics().length).toBeGreaterThan(15);
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(`\n${metricsTable()}\n`);
  });

  it('has an end to its series: no label holds an id, a name or a path', () => {
    for (const { name, labels } of metrics()) {
      expect({ name, isBounded: seriesMax(labels) <= SERIES_MAX }).toEqual({ name, isBounded: true });
      const unbounded = Object.keys(labels).filter((label) =>
        /id$|^(user|directory|key|path|url|address)/i.test(label),
      );
      expect({ name, unbounded }).toEqual({ name, unbounded: [] });
    }
  });

  it('is named as Prometheus asks for: one prefix, base units, counters end in _total', () => {
    for (const { name, kind } of metrics()) {
      expect(name).toMatch(/^roster_[a-z_]+$/);
      expect(name).toMatch(BASE_UNITS);
      expect({ name, isTotal: name.endsWith('_total') }).toEqual({ name, isTotal: kind === 'counter' });
    }
  });
});
