import type { Subject } from './subject.js';

/** One who failed, for people who want to look at one. */
export interface Example {
  /** The id in the provisioning log. */
  id: string;
  at: string;
  method: string;
  path: string;
  target: string | null;
  status: number;
  scimType: string | null;
  detail: string | null;
}

/** What an alert knows that no request said. */
export type AlertFacts = Record<string, string | number | null>;

/** Why an incident is over: what failed has succeeded, somebody said so, or nobody tries it any more. */
export type Because = 'success' | 'hand' | 'quiet';

/** One incident as it stands. Times are ISO 8601 in UTC. */
export interface Incident {
  status: 'open' | 'acknowledged' | 'resolved';
  subject: Subject;
  openedAt: string;
  /** When it was last opened: at first, or again. */
  beganAt: string;
  failures: number;
  firstAt: string;
  lastAt: string;
  examples: Example[];
  facts: AlertFacts | null;
  mutedUntil: string | null;
  resolvedAt: string | null;
  because: Because | null;
}

/** What a batch of failures adds to an incident. */
export interface Count {
  failures: number;
  firstAt: string;
  lastAt: string;
  examples: readonly Example[];
  facts: AlertFacts | null;
}

export type IncidentEvent =
  | { type: 'IncidentOpened'; data: { subject: Subject; at: string } }
  | { type: 'IncidentReopened'; data: { at: string } }
  | { type: 'FailuresCounted'; data: Count }
  | { type: 'IncidentAcknowledged'; data: { by: string; at: string } }
  | { type: 'IncidentMuted'; data: { until: string; by: string; at: string } }
  | { type: 'IncidentResolved'; data: { because: Because; by: string; at: string } };

export type IncidentCommand =
  | { do: 'count'; subject: Subject; count: Count; at: string }
  | { do: 'acknowledge'; by: string; at: string }
  | { do: 'mute'; until: string; by: string; at: string }
  | { do: 'resolve'; because: Because; by: string; at: string };
