import { ALL_DIRECTORIES } from '#libs/contracts';
import { CATALOGUE } from '../incident/causes/catalogue.js';
import { isAlert } from '../incident/causes/alert-causes.js';
import { isOfCredentials } from '../incident/failure-class.js';
import type { Example } from '../incident/incident.js';
import type { Notice, NoticeKind, TellableIncident } from '../telling/notice.js';
import { line } from '../log/plain.js';
import { count, factLines, moment, opening, times, titleOf } from './words.js';

/** What a mail says, without how it looks: text and HTML are both written from it. */
export interface Letter {
  subject: string;
  badge: string;
  mood: 'bad' | 'good' | 'neutral';
  opening: string;
  sections: Section[];
  closing: string[];
  /** Why this reader gets it. */
  why: string;
  links: { stop: string | null };
}

/** One who failed: whom, what was answered, and how to see all of it. */
export interface ShownExample {
  whom: string;
  answer: string;
  more: string;
}

export interface Section {
  title: string;
  facts: [name: string, value: string][];
  explanation: string | null;
  steps: [where: string, what: string][];
  examples: ShownExample[];
}

/** The beginning of an id is enough for the command line. */
const ID_SHOWN = 8;

const BADGES: Record<NoticeKind, string> = {
  opened: 'New',
  update: 'Going on',
  reminder: 'Reminder',
  reopened: 'Back again',
  resolved: 'Over',
  digest: 'The day',
  test: 'Test',
};

/** Puts a notice into the words of a mail. `stop` is where this address can be taken off the list. */
export function letterOf(notice: Notice, stop: string | null): Letter {
  const { kind, directory, subject, step, incidents } = notice;
  const whose = directory.id === ALL_DIRECTORIES ? 'what concerns all directories' : 'this directory';
  return {
    subject: step > 1 ? `Re: ${line(subject)}` : line(subject),
    badge: BADGES[kind],
    mood: kind === 'resolved' ? 'good' : kind === 'digest' || kind === 'test' ? 'neutral' : 'bad',
    opening: opening(notice),
    sections: incidents.map((incident) => sectionOf(incident, kind)),
    closing: closingOf(notice),
    why: `You get this because your address is a notification address of ${whose}.`,
    links: { stop },
  };
}

function sectionOf(incident: TellableIncident, kind: NoticeKind): Section {
  const { explanation, inEntra, inRoster } = CATALOGUE[incident.class];
  const isOver = incident.status === 'resolved';
  const title = isOver && kind !== 'resolved' ? `Over: ${titleOf(incident)}` : titleOf(incident);
  return {
    title,
    facts: isAlert(incident.class) ? factLines(incident) : countLines(incident),
    explanation: isOver ? null : explanation,
    steps: isOver
      ? []
      : [
          ['In Entra', inEntra],
          ['In Roster', inRoster],
        ],
    examples: isOver || isAlert(incident.class) ? [] : incident.examples.map(exampleLine),
  };
}

function countLines(incident: TellableIncident): [string, string][] {
  const { failures, newFailures, failing, firstAt, lastAt, status, nextTryAt } = incident;
  const isNewOnly = newFailures === failures || newFailures <= 0;
  const lines: [string, string][] = [
    [
      'Failed',
      isNewOnly
        ? times(failures, 'request')
        : `${times(failures, 'request')}, ${count(newFailures)} since the last mail`,
    ],
  ];
  const [from, to] = [moment(firstAt), moment(lastAt)];
  lines.push(['When', from === to ? from : `${from} to ${to}`]);
  if (status === 'resolved')
    return [
      ...lines,
      ['Over since', `${moment(incident.resolvedAt ?? lastAt)}, ${BECAUSE[incident.because ?? 'success']}`],
    ];
  if (failing > 0 && !isOfCredentials(incident.class))
    lines.push(['Failing now', times(failing, 'user or group').replace('user or groups', 'users or groups')]);
  if (nextTryAt !== null) lines.push(['Entra tries again', `about ${moment(nextTryAt)}`]);
  if (status === 'acknowledged') lines.push(['Taken on', 'yes']);
  return lines;
}

const BECAUSE = {
  success: 'since what failed has succeeded',
  hand: 'as somebody said',
  quiet: 'since nobody tries it any more',
};

function exampleLine({ method, path, target, status, scimType, detail, id }: Example): ShownExample {
  const answer = scimType === null ? String(status) : `${status} ${scimType}`;
  return {
    whom: line(target ?? `${method} ${path}`),
    answer: line(detail === null ? answer : `${answer}: ${detail}`),
    more: `roster log show ${line(id)}`,
  };
}

function closingOf({ kind, directory, incidents, thread }: Notice): string[] {
  const name = line(directory.name);
  if (kind === 'test') return ['If you can read this, mail from Roster reaches you.'];
  if (kind === 'resolved') return ['Nothing needs to be done.'];
  const incident = (incidents[0]?.id ?? thread).slice(0, ID_SHOWN);
  const more = `More: roster incident show ${incident}. Taken on: roster incident ack ${incident}. For a while nothing more of it: roster incident mute ${incident} --for 8h.`;
  const list = `roster incident list${directory.id === ALL_DIRECTORIES ? '' : ` --directory "${name}"`}`;
  return kind === 'digest' ? [`All of it: ${list}.`] : [more];
}
