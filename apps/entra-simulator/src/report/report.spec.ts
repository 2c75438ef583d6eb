import { noCounts } from './counts.js';
import { reasonsOf } from './failures.js';
import { jsonReport, plainReport } from './report.js';

const counts = { ...noCounts(), created: 3, failed: 2, requests: 9, writes: 4, durationMs: 1_250 };
const failure = { reason: 'create a user: answered 409 instead of 201', object: 'ada@example.com' };
const reasons = reasonsOf([
  { reason: 'something rare', object: 'bob@example.com' },
  { ...failure, request: 'POST /Users', status: 409, scimType: 'uniqueness', detail: 'taken' },
  failure,
  failure,
  failure,
]);

const report = {
  seed: 7,
  total: counts,
  cycles: [counts],
  reasons,
  duplicates: [],
  inEscrow: 2,
  stopped: undefined,
};

describe('the report', () => {
  it('groups failures by reason, with a few examples, the most frequent first', () => {
    expect(reasons.map(({ reason, count, examples }) => [reason, count, examples.length])).toEqual([
      [failure.reason, 4, 3],
      ['something rare', 1, 1],
    ]);
  });

  it('is one line of JSON with the counts on top', () => {
    const text = jsonReport(report);
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      seed: 7,
      ...counts,
      inEscrow: 2,
      duplicateTargets: [],
      cycles: [counts],
      reasons: JSON.parse(JSON.stringify(reasons)) as unknown,
    });
  });

  it('tells people what failed, and how it was answered', () => {
    const text = plainReport(report);
    expect(text).toContain('2 objects failed.');
    expect(text).toContain('2 waiting to be tried again.\nSeed 7.');
    expect(text).toContain('4 x create a user: answered 409 instead of 201');
    expect(text).toContain('ada@example.com: POST /Users → 409 uniqueness "taken"');
  });
});
