import { quarantineReason } from './quarantine.js';

describe('a job is put into quarantine', () => {
  it.each([
    { events: 12_499, failures: 5_000, referenceFailures: 0 },
    { events: 1_000_000, failures: 40_001, referenceFailures: 0 },
    { events: 1_000_000, failures: 30_000, referenceFailures: 30_000 },
  ])('for %j', (happened) => {
    expect(quarantineReason(happened)).toEqual(expect.stringContaining('failures'));
  });

  it.each([
    { events: 4_999, failures: 4_999, referenceFailures: 0 },
    { events: 12_500, failures: 5_000, referenceFailures: 0 },
    { events: 1_000_000, failures: 40_000, referenceFailures: 0 },
    { events: 10_000, failures: 0, referenceFailures: 59_999 },
  ])('not for %j', (happened) => {
    expect(quarantineReason(happened)).toBeUndefined();
  });
});
