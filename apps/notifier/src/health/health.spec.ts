import { type Budget, budgetOf } from './budget.js';
import { type Before, type Health, healthOf, isMassDeprovision, type Signs } from './health.js';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const budget: Budget = { used: 0, rule: 'share', objects: 0, references: 0, share: 0 };
const well: Signs = {
  lastHeardAt: ago(1),
  activeMs: 10 * 3_600_000,
  lastSuccessAt: ago(1),
  lastKeyRefusedAt: null,
  inHour: { operations: 100, failures: 10 },
  budget,
};
const health = (some: Partial<Signs>, before: Before | null = null) => healthOf({ ...well, ...some }, before, now);

describe('the health of a directory', () => {
  it.each<[Health, Partial<Signs>]>([
    ['waiting', { lastHeardAt: null }],
    ['healthy', {}],
    ['degraded', { inHour: { operations: 100, failures: 11 } }],
    ['healthy', { inHour: { operations: 49, failures: 49 } }],
    ['degraded', { inHour: { operations: 50, failures: 6 } }],
    ['auth-failing', { lastKeyRefusedAt: ago(0.5) }],
    ['healthy', { lastKeyRefusedAt: ago(5) }],
    ['auth-failing', { lastKeyRefusedAt: ago(5), lastSuccessAt: null }],
    ['quarantine-risk', { budget: { ...budget, used: 0.8 } }],
    ['healthy', { budget: { ...budget, used: 0.79 } }],
    ['silent', { lastHeardAt: ago(180) }],
    ['healthy', { lastHeardAt: ago(179) }],
    ['healthy', { lastHeardAt: ago(180), activeMs: 60_000 }],
    ['auth-failing', { lastHeardAt: ago(300), lastSuccessAt: ago(301), lastKeyRefusedAt: ago(300) }],
  ])('is %s with %j', (wanted, some) => {
    expect(health(some)).toBe(wanted);
  });

  it('is recovered for an hour after it was ill', () => {
    expect(health({}, { health: 'degraded', since: ago(200) })).toBe('recovered');
    expect(health({}, { health: 'recovered', since: ago(59) })).toBe('recovered');
    expect(health({}, { health: 'recovered', since: ago(60) })).toBe('healthy');
    expect(health({}, { health: 'waiting', since: ago(1) })).toBe('healthy');
  });
});

describe('how much of Entra’s patience is used', () => {
  const nobody = { objects: 0, references: 0, newInHour: 0, newInDay: 0 };
  const nothing = { inHour: 0, inDay: 0, sinceFirst: 0 };
  const fails = (objects: number, references = 0) => ({ objects, references, newInHour: objects, newInDay: objects });
  const all = (written: number) => ({ inHour: written, inDay: written, sinceFirst: written });

  it.each([
    ['nothing fails', nobody, nothing, 0],
    ['4,000 fail of 4,000: four fifths of the least number', fails(4_000), nothing, 0.8],
    ['5,000 fail of 12,500: the line', fails(5_000), all(7_500), 1],
    ['20,000 fail, 100,000 are well: half of 40,000', fails(20_000), all(100_000), 0.5],
    ['40,000 fail, 1,000,000 are well: the line', fails(40_000), all(1_000_000), 1],
    ['10,000 users and 50,000 managers fail: the line', fails(10_000, 50_000), all(1_000_000), 1],
    [
      '50,000 managers fail and nobody else: references alone do not count for the share',
      fails(0, 48_000),
      all(1_000),
      0.8,
    ],
  ])('%s', (_, failing, written, used) => {
    expect(budgetOf(failing, written).used).toBeCloseTo(used, 2);
  });

  it('does not count again what is tried again from escrow', () => {
    const old = { objects: 3_900, references: 0, newInHour: 0, newInDay: 0 };
    expect(budgetOf(old, { inHour: 0, inDay: 0, sinceFirst: 100_000 }).used).toBeLessThan(0.1);
  });
});

describe('mass deprovision', () => {
  it.each([
    [50, 100, false],
    [51, 100, true],
    [100, 900, false],
    [101, 900, true],
    [51, 10_000, false],
  ])('%i gone and %i left: %s', (gone, active, wanted) => {
    expect(isMassDeprovision(gone, active)).toBe(wanted);
  });
});
