import type { IncidentClass } from '../incident/causes/catalogue.js';
import type { Incident } from '../incident/incident.js';
import type { NoticeKind } from './notice.js';

/** What people were last told of an incident. Times are ISO 8601 in UTC. */
export interface Told {
  at: string;
  kind: NoticeKind;
  failures: number;
  /** How often they were told of more failures since it began, and how often they were reminded. */
  updates: number;
  reminders: number;
  thread: string;
  subject: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const FIRST_AFTER_MS = 30 * SECOND_MS;
/** From one mail of an incident to the next, while it goes on: never less than five minutes, and growing. */
const UPDATE_GAPS_MS = [5 * MINUTE_MS, 25 * MINUTE_MS, 2 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS];
const REMINDER_GAPS_MS = [24 * HOUR_MS, 7 * 24 * HOUR_MS];
/** What works again may fail again with the next request. */
const RESOLVED_AFTER_MS = MINUTE_MS;

/** What cannot wait for the morning or for a digest: after it Entra stops, or people are locked out. */
const CRITICAL = new Set<IncidentClass>([
  'quarantine-risk',
  'mass-deprovision',
  'key-expired',
  'key-revoked',
  'key-ended',
  'client-revoked',
  'client-secret-ended',
  'assertion-outdated',
  'assertion-mismatch',
]);
/** What is over by itself, without anybody having mended anything. */
const ENDS_UNTOLD = new Set<IncidentClass>(['mass-deprovision', 'key-expiring', 'key-ended']);
/** Each step of these is news of its own. */
const STEPWISE = new Set<IncidentClass>(['key-expiring', 'key-ended']);

export const isCritical = (kind: IncidentClass): boolean => CRITICAL.has(kind);

/** What there is to tell of an incident, and from when on; null: nothing. */
export function dueOf(incident: Incident, told: Told | null, now: Date): { kind: NoticeKind; at: number } | null {
  if (incident.mutedUntil !== null && Date.parse(incident.mutedUntil) > now.getTime()) return null;
  if (incident.status === 'resolved') return endOf(incident, told);
  const began = Date.parse(incident.beganAt);
  if (told === null) return { kind: 'opened', at: began + FIRST_AFTER_MS };
  const last = Date.parse(told.at);
  if (told.kind === 'resolved')
    return { kind: 'reopened', at: Math.max(began + FIRST_AFTER_MS, last + gap(UPDATE_GAPS_MS, 0)) };
  if (incident.status === 'acknowledged') return null;
  if (hasNews(incident, told)) {
    const wait = STEPWISE.has(incident.subject.class) ? 0 : gap(UPDATE_GAPS_MS, told.updates);
    return { kind: 'update', at: last + wait };
  }
  return STEPWISE.has(incident.subject.class)
    ? null
    : { kind: 'reminder', at: last + gap(REMINDER_GAPS_MS, told.reminders) };
}

function endOf(incident: Incident, told: Told | null): { kind: NoticeKind; at: number } | null {
  // Who was never told that it began need not be told that it is over.
  if (told === null || told.kind === 'resolved' || incident.resolvedAt === null) return null;
  if (ENDS_UNTOLD.has(incident.subject.class)) return null;
  return { kind: 'resolved', at: Date.parse(incident.resolvedAt) + RESOLVED_AFTER_MS };
}

/** Has more failed than people know of? */
export const hasNews = (incident: Incident, told: Told | null): boolean => incident.failures > (told?.failures ?? 0);

/** What people know after they were told this. */
export function toldNow(
  incident: Incident,
  told: Told | null,
  notice: Pick<Told, 'at' | 'kind' | 'thread' | 'subject'>,
): Told {
  const isAnew = told === null || notice.kind === 'opened' || notice.kind === 'reopened';
  return {
    ...notice,
    failures: incident.failures,
    updates: isAnew ? 0 : told.updates + (notice.kind === 'update' ? 1 : 0),
    reminders: isAnew || notice.kind === 'update' ? 0 : told.reminders + (notice.kind === 'reminder' ? 1 : 0),
  };
}

const gap = (gaps: readonly number[], place: number): number => gaps[Math.min(place, gaps.length - 1)] ?? 0;
