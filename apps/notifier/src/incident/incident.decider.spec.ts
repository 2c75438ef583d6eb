import { fold } from '#libs/event-sourcing';
import { given } from '#libs/testing';
import type { Count, Example, IncidentEvent } from './incident.js';
import { incidentDecider } from './incident.decider.js';
import type { Subject } from './subject.js';

const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-01T11:00:00.000Z';
const by = 'roster';
const subject: Subject = { class: 'duplicate', scimType: 'uniqueness', attribute: 'userName', rule: null };
const ada: Example = {
  id: '1',
  at,
  method: 'POST',
  path: '/v2/Users',
  target: 'ada',
  status: 409,
  scimType: 'uniqueness',
  detail: null,
};
const count: Count = { failures: 2, firstAt: at, lastAt: at, examples: [ada], facts: null };

const opened: IncidentEvent = { type: 'IncidentOpened', data: { subject, at } };
const counted: IncidentEvent = { type: 'FailuresCounted', data: count };
const acknowledged: IncidentEvent = { type: 'IncidentAcknowledged', data: { by, at } };
const muted: IncidentEvent = { type: 'IncidentMuted', data: { until: later, by, at } };
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { because: 'success', by, at } };

describe('an incident', () => {
  it('is opened by the first failure and counts all', () => {
    given(incidentDecider).when({ do: 'count', subject, count, at }).then(opened, counted);
    given(incidentDecider, opened, counted).when({ do: 'count', subject, count, at }).then(counted);
  });

  it('is opened again by a failure after it was over', () => {
    given(incidentDecider, opened, counted, resolved)
      .when({ do: 'count', subject, count, at: later })
      .then({ type: 'IncidentReopened', data: { at: later } }, counted);
  });

  it('is acknowledged once, and not when it is over or unknown', () => {
    given(incidentDecider, opened, counted).when({ do: 'acknowledge', by, at }).then(acknowledged);
    given(incidentDecider, opened, counted, acknowledged).when({ do: 'acknowledge', by, at }).nothingHappens();
    given(incidentDecider, opened, counted, resolved).when({ do: 'acknowledge', by, at }).refuses('conflict');
    given(incidentDecider).when({ do: 'acknowledge', by, at }).refuses('not-found');
  });

  it('is muted until a time ahead, for 90 days at most', () => {
    given(incidentDecider, opened, counted).when({ do: 'mute', until: later, by, at }).then(muted);
    given(incidentDecider, opened, counted, muted).when({ do: 'mute', until: later, by, at }).nothingHappens();
    given(incidentDecider, opened, counted).when({ do: 'mute', until: at, by, at }).refuses('invalid');
    given(incidentDecider, opened, counted)
      .when({ do: 'mute', until: '2027-03-01T00:00:00Z', by, at })
      .refuses('invalid');
    given(incidentDecider, opened, counted, resolved).when({ do: 'mute', until: later, by, at }).refuses('conflict');
  });

  it('is over once', () => {
    given(incidentDecider, opened, counted).when({ do: 'resolve', because: 'success', by, at }).then(resolved);
    given(incidentDecider, opened, counted, resolved).when({ do: 'resolve', because: 'hand', by, at }).nothingHappens();
  });

  it('remembers how many, from when to when, and three different examples', () => {
    const bob = { ...ada, id: '2', target: 'bob' };
    const eve = { ...ada, id: '3', target: 'eve' };
    const more: Count = {
      failures: 5,
      firstAt: at,
      lastAt: later,
      examples: [{ ...ada, target: 'ADA' }, bob, eve, { ...ada, target: 'kim' }],
      facts: null,
    };
    const incident = fold(incidentDecider, [opened, counted, { type: 'FailuresCounted', data: more }]);
    expect(incident).toMatchObject({ failures: 7, firstAt: at, lastAt: later, status: 'open' });
    expect(incident?.examples.map(({ target }) => target)).toEqual(['ada', 'bob', 'eve']);
  });

  it('forgets that it was muted when it is over, and begins anew when it comes back', () => {
    const reopened: IncidentEvent = { type: 'IncidentReopened', data: { at: later } };
    const incident = fold(incidentDecider, [opened, counted, muted, resolved, reopened, counted]);
    expect(incident).toMatchObject({
      status: 'open',
      mutedUntil: null,
      beganAt: later,
      openedAt: at,
      failures: 4,
      because: null,
    });
  });
});
