import { type Decider, Refusal } from '#libs/event-sourcing';
import type { Count, Example, Incident, IncidentCommand, IncidentEvent } from './incident.js';

const EXAMPLES_MAX = 3;
const MUTE_MS_MAX = 90 * 24 * 60 * 60_000;

/** The life of one incident: opened by the first failure, over when what failed succeeds, or when people say so. */
export const incidentDecider: Decider<Incident | null, IncidentCommand, IncidentEvent> = {
  initial: null,

  decide(command, incident) {
    if (command.do === 'count') {
      const counted: IncidentEvent = { type: 'FailuresCounted', data: command.count };
      if (incident === null) {
        return [{ type: 'IncidentOpened', data: { subject: command.subject, at: command.at } }, counted];
      }
      return incident.status === 'resolved'
        ? [{ type: 'IncidentReopened', data: { at: command.at } }, counted]
        : [counted];
    }
    if (incident === null) throw new Refusal('not-found', 'There is no such incident.');
    return decideOn(incident, command);
  },

  evolve(incident, { type, data }) {
    if (type === 'IncidentOpened') return opened(data.subject, data.at);
    if (incident === null) return incident;
    switch (type) {
      case 'IncidentReopened':
        return { ...incident, status: 'open', beganAt: data.at, resolvedAt: null, because: null };
      case 'FailuresCounted':
        return counted(incident, data);
      case 'IncidentAcknowledged':
        return { ...incident, status: 'acknowledged' };
      case 'IncidentMuted':
        return { ...incident, mutedUntil: data.until };
      case 'IncidentResolved':
        return { ...incident, status: 'resolved', mutedUntil: null, resolvedAt: data.at, because: data.because };
    }
  },
};

function decideOn(incident: Incident, command: Exclude<IncidentCommand, { do: 'count' }>): IncidentEvent[] {
  switch (command.do) {
    case 'acknowledge': {
      if (incident.status === 'resolved') throw new Refusal('conflict', 'This incident is over.');
      const { by, at } = command;
      return incident.status === 'acknowledged' ? [] : [{ type: 'IncidentAcknowledged', data: { by, at } }];
    }
    case 'mute': {
      if (incident.status === 'resolved') throw new Refusal('conflict', 'This incident is over.');
      const { until, by, at } = command;
      const forMs = Date.parse(until) - Date.parse(at);
      if (!(forMs > 0 && forMs <= MUTE_MS_MAX)) {
        throw new Refusal('invalid', 'An incident is muted until a time that lies ahead, and at most 90 days.');
      }
      return incident.mutedUntil === until ? [] : [{ type: 'IncidentMuted', data: { until, by, at } }];
    }
    case 'resolve': {
      const { because, by, at } = command;
      return incident.status === 'resolved' ? [] : [{ type: 'IncidentResolved', data: { because, by, at } }];
    }
  }
}

function opened(subject: Incident['subject'], at: string): Incident {
  const times = { openedAt: at, beganAt: at, firstAt: at, lastAt: at, mutedUntil: null, resolvedAt: null };
  return { status: 'open', subject, ...times, failures: 0, examples: [], facts: null, because: null };
}

function counted(incident: Incident, { failures, firstAt, lastAt, examples, facts }: Count): Incident {
  const isFirst = incident.failures === 0;
  return {
    ...incident,
    failures: incident.failures + failures,
    firstAt: isFirst || firstAt < incident.firstAt ? firstAt : incident.firstAt,
    lastAt: isFirst || lastAt > incident.lastAt ? lastAt : incident.lastAt,
    examples: withExamples(incident.examples, examples),
    facts: facts ?? incident.facts,
  };
}

/** Three different ones say more than three times the same. */
function withExamples(known: readonly Example[], news: readonly Example[]): Example[] {
  const all = new Map<string, Example>();
  for (const example of [...known, ...news]) {
    const whom = example.target?.toLowerCase() ?? `${example.method} ${example.path}`;
    if (!all.has(whom)) all.set(whom, example);
  }
  return [...all.values()].slice(0, EXAMPLES_MAX);
}
