import type { IncidentClass } from '../incident/causes/catalogue.js';
import type { AlertFacts, Because, Example } from '../incident/incident.js';

/** The occasions on which people are told something. */
export const NOTICE_KINDS = ['opened', 'update', 'reminder', 'reopened', 'resolved', 'digest', 'test'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** An incident as it stood when people were told. */
export interface TellableIncident {
  id: string;
  class: IncidentClass;
  status: 'open' | 'acknowledged' | 'resolved';
  attribute: string | null;
  rule: string | null;
  failures: number;
  /** How many of them are news since people were last told. */
  newFailures: number;
  /** How many users, groups or searches still fail. */
  failing: number;
  beganAt: string;
  firstAt: string;
  lastAt: string;
  resolvedAt: string | null;
  because: Because | null;
  /** When Entra tries again, as far as it is known how Entra does. */
  nextTryAt: string | null;
  examples: readonly Example[];
  facts: AlertFacts | null;
}

/** What is told, fixed when it is decided to be told: the same however often and late it is sent. */
export interface Notice {
  kind: NoticeKind;
  directory: { id: string; name: string };
  /** The first incident of the thread. */
  thread: string;
  /** 1, 2, 3 … in the thread. */
  step: number;
  /** Of the whole thread, so that mail programs keep it together. */
  subject: string;
  at: string;
  incidents: readonly TellableIncident[];
  /** Of a digest: what happened in the day. */
  day?: { operations: number; failures: number; health: string };
}
