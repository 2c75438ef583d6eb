import type { Incident } from '../incident/incident.js';
import { dueOf, type Told, toldNow } from './cadence.js';
import { type Known, type Pace, planOf } from './plan.js';
import { isDigestDue, isQuiet, NO_WISHES } from './wishes.js';

const start = Date.parse('2026-03-01T10:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1000);
const iso = (seconds: number) => at(seconds).toISOString();
const MINUTE = 60;
const HOUR = 3600;
const pace: Pace = { wishes: NO_WISHES, perHourMax: 6, isBundled: true };

function incident(some: Partial<Incident> = {}): Incident {
  return {
    status: 'open',
    subject: { class: 'duplicate', scimType: 'uniqueness', attribute: 'userName', rule: null },
    openedAt: iso(0),
    beganAt: iso(0),
    failures: 10,
    firstAt: iso(0),
    lastAt: iso(0),
    examples: [],
    facts: null,
    mutedUntil: null,
    resolvedAt: null,
    because: null,
    ...some,
  };
}

const told = (some: Partial<Told> = {}): Told => ({
  at: iso(30),
  kind: 'opened',
  failures: 10,
  updates: 0,
  reminders: 0,
  thread: 'a',
  subject: 's',
  ...some,
});
const due = (one: Incident, known: Told | null, seconds: number) => {
  const found = dueOf(one, known, at(seconds));
  return found === null ? null : [found.kind, (found.at - start) / 1000];
};

describe('when people are told of an incident', () => {
  it('is half a minute after it opened', () => {
    expect(due(incident(), null, 0)).toEqual(['opened', 30]);
  });

  it('is again when more failed, after five minutes and then ever more seldom', () => {
    const more = incident({ failures: 11 });
    const gaps = [0, 1, 2, 3, 4, 9].map((updates) => Number(due(more, told({ updates }), 31)?.[1]) - 30);
    expect(gaps).toEqual([5 * MINUTE, 25 * MINUTE, 2 * HOUR, 8 * HOUR, 24 * HOUR, 24 * HOUR]);
  });

  it('is a day later when it lasts and nobody took it on, and then every week', () => {
    expect(due(incident(), told(), 31)).toEqual(['reminder', 30 + 24 * HOUR]);
    expect(due(incident(), told({ reminders: 1 }), 31)).toEqual(['reminder', 30 + 7 * 24 * HOUR]);
    expect(due(incident({ status: 'acknowledged', failures: 99 }), told(), 31)).toBeNull();
  });

  it('is when it is over, if they know that it began', () => {
    const over = incident({ status: 'resolved', resolvedAt: iso(600), because: 'success' });
    expect(due(over, told(), 601)).toEqual(['resolved', 660]);
    expect(due(over, null, 601)).toBeNull();
    expect(due(over, told({ kind: 'resolved' }), 601)).toBeNull();
  });

  it('is when it comes back, but no sooner than five minutes after they heard that it was over', () => {
    const back = incident({ beganAt: iso(700), failures: 12 });
    expect(due(back, told({ kind: 'resolved', at: iso(660) }), 700)).toEqual(['reopened', 960]);
  });

  it('is never while it is muted', () => {
    const muted = incident({ mutedUntil: iso(HOUR) });
    expect(due(muted, null, 60)).toBeNull();
    expect(due(muted, null, HOUR)).toEqual(['opened', 30]);
  });

  it('is at each step of a key that ends, at once', () => {
    const subject = { class: 'key-expiring', scimType: null, attribute: null, rule: 'k1' } as const;
    expect(due(incident({ subject, failures: 2 }), told({ failures: 1 }), 31)).toEqual(['update', 30]);
    expect(due(incident({ subject, failures: 1 }), told({ failures: 1 }), 31)).toBeNull();
  });

  it('is remembered', () => {
    const first = toldNow(incident(), null, { at: iso(30), kind: 'opened', thread: 'a', subject: 's' });
    expect(first).toEqual(told());
    const second = toldNow(incident({ failures: 20 }), first, {
      at: iso(330),
      kind: 'update',
      thread: 'a',
      subject: 's',
    });
    expect(second).toMatchObject({ failures: 20, updates: 1, reminders: 0 });
    expect(toldNow(incident(), second, { at: iso(990), kind: 'reminder', thread: 'a', subject: 's' })).toMatchObject({
      updates: 1,
      reminders: 1,
    });
  });
});

describe('what is told together', () => {
  const one = (id: string, some: Partial<Incident> = {}, known: Told | null = null): Known => ({
    id,
    incident: incident(some),
    told: known,
  });
  const plan = (known: Known[], seconds: number, some: Partial<Pace> = {}, made = 0) =>
    planOf(known, { ...pace, ...some }, made, at(seconds)).map(({ kind, thread, members }) => [
      kind,
      thread,
      members.map(({ id }) => id).join(),
    ]);

  it('is all that nobody has been told of yet, the largest first', () => {
    const three = [one('a'), one('b', { failures: 90, beganAt: iso(20) }), one('c', { failures: 50 })];
    expect(plan(three, 29)).toEqual([]);
    expect(plan(three, 30)).toEqual([['opened', 'b', 'b,c,a']]);
    expect(plan(three, 30, { isBundled: false })).toEqual([
      ['opened', 'a', 'a'],
      ['opened', 'c', 'c'],
    ]);
  });

  it('is what is news of a thread, and what of it is over', () => {
    const over = { status: 'resolved', resolvedAt: iso(600), because: 'success' } as const;
    const thread = [
      one('a', { failures: 11 }, told()),
      one('b', {}, told()),
      one('c', over, told()),
      one('d', { failures: 20 }, told({ thread: 'd' })),
    ];
    expect(plan(thread, 700)).toEqual([
      ['update', 'a', 'a,c'],
      ['update', 'd', 'd'],
    ]);
    expect(plan([one('c', over, told())], 660)).toEqual([['resolved', 'a', 'c']]);
  });

  it('is at most six an hour, the last one for what is critical', () => {
    const critical = one(
      'q',
      { subject: { class: 'quarantine-risk', scimType: null, attribute: null, rule: null } },
      told({ thread: 'q', failures: 0 }),
    );
    const many = ['a', 'b'].map((id) => one(id, { failures: 11 }, told({ thread: id })));
    expect(plan([...many, critical], 900, {}, 4)).toEqual([
      ['update', 'q', 'q'],
      // the other place is kept for what is critical
    ]);
    expect(plan(many, 900, {}, 4)).toEqual([['update', 'a', 'a']]);
    expect(plan(many, 900, {}, 5)).toEqual([]);
    expect(plan([critical], 900, {}, 5)).toHaveLength(1);
    expect(plan([critical], 900, {}, 6)).toEqual([]);
  });

  it('waits for the end of quiet hours or for the digest, unless it is critical', () => {
    const quiet = { wishes: { ...NO_WISHES, quiet: { from: '09:00', to: '11:00' } } };
    const digest = { wishes: { ...NO_WISHES, digestAt: '08:00' } };
    const critical = one('q', { subject: { class: 'key-expired', scimType: null, attribute: null, rule: null } });
    expect(plan([one('a')], 60, quiet)).toEqual([]);
    expect(plan([one('a')], HOUR, quiet)).toHaveLength(1);
    expect(plan([one('a')], 60, digest)).toEqual([]);
    expect(plan([one('a'), critical], 60, quiet)).toEqual([['opened', 'q', 'q']]);
    expect(plan([one('a'), critical], 60, digest)).toEqual([['opened', 'q', 'q']]);
  });
});

describe('the wishes of people', () => {
  it('know the clock on their wall', () => {
    const night = { ...NO_WISHES, timeZone: 'Europe/Berlin', quiet: { from: '22:00', to: '07:00' } };
    const quietAt = (time: string) => isQuiet(night, new Date(`2026-07-01T${time}:00Z`));
    expect(['19:59', '20:00', '23:59', '04:59', '05:00'].map(quietAt)).toEqual([false, true, true, true, false]);
    expect(isQuiet(NO_WISHES, at(0))).toBe(false);
  });

  it('have a digest once a day', () => {
    const daily = { ...NO_WISHES, timeZone: 'America/New_York', digestAt: '08:00' };
    const dueAt = (now: string, last: string | null) =>
      isDigestDue(daily, last === null ? null : new Date(last), new Date(now));
    expect(dueAt('2026-07-01T11:59:00Z', null)).toBe(false);
    expect(dueAt('2026-07-01T12:00:00Z', null)).toBe(true);
    expect(dueAt('2026-07-01T13:00:00Z', '2026-07-01T12:00:00Z')).toBe(false);
    expect(dueAt('2026-07-02T12:00:00Z', '2026-07-01T12:00:00Z')).toBe(true);
    expect(isDigestDue(NO_WISHES, null, at(0))).toBe(false);
  });
});
