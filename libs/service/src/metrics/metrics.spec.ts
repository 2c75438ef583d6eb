import { seriesMax } from './labels.js';
import { counter, gauge, histogram, metricsText } from './metrics.js';

const METHODS = ['GET', 'POST'] as const;

const valuesOf = async (name: string) =>
  (await metricsText()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('a metric', () => {
  it('counts by the values that were foreseen', async () => {
    const asked = counter('test_asked_total', 'Asked.', { method: METHODS });
    asked.add({ method: 'GET' });
    asked.add({ method: 'GET' }, 2);
    expect(await valuesOf('test_asked_total')).toEqual(['test_asked_total{method="GET"} 3']);
  });

  it('has an end to its series, whatever is given', async () => {
    const labels = { method: METHODS, partition: 4 };
    const asked = counter('test_bounded_total', 'Asked.', labels);
    for (let turn = 0; turn < 5_000; turn += 1) asked.add({ method: `M${turn}`, partition: turn - 10 });
    for (let turn = 0; turn < 5_000; turn += 1) asked.add({ method: METHODS[turn % 2] ?? '', partition: turn / 7 });
    const series = await valuesOf('test_bounded_total');
    expect(series.length).toBeLessThanOrEqual(seriesMax(labels));
    expect(series).toContainEqual(expect.stringContaining('method="other",partition="other"'));
  });

  it('has buckets in its unit', async () => {
    const took = histogram('test_took_seconds', 'Took.', [0.1, 1], {});
    took.observe({}, 0.5);
    expect(await valuesOf('test_took_seconds_bucket')).toEqual([
      'test_took_seconds_bucket{le="0.1"} 0',
      'test_took_seconds_bucket{le="1"} 1',
      'test_took_seconds_bucket{le="+Inf"} 1',
    ]);
  });

  it('is looked at when it is asked for, and has no value when that cannot be done', async () => {
    const age = gauge('test_age_seconds', 'Age.', {});
    const lag = gauge('test_lag', 'Lag.', { partition: 4 });
    expect(await valuesOf('test_age_seconds')).toEqual([]);
    age.read(() => [[{}, 3]]);
    lag.read(() => Promise.resolve([[{ partition: 1 }, 5]]));
    expect(await valuesOf('test_age_seconds')).toEqual(['test_age_seconds 3']);
    expect(await valuesOf('test_lag')).toEqual(['test_lag{partition="1"} 5']);
    age.read(() => Promise.reject(new Error('the database is away')));
    lag.read(() => [[{ partition: 2 }, 7]]);
    expect(await valuesOf('test_age_seconds')).toEqual([]);
    expect(await valuesOf('test_lag')).toEqual(['test_lag{partition="2"} 7']);
  });
});
