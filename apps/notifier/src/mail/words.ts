import { ALL_DIRECTORIES } from '#libs/contracts';
import type { AlertFacts } from '../incident/incident.js';
import { CATALOGUE } from '../incident/causes/catalogue.js';
import type { Notice, TellableIncident } from '../telling/notice.js';
import { line } from '../log/plain.js';

/** Numbers as people read them: 10,000. */
export const count = (number: number): string => number.toLocaleString('en-GB');

/** A moment in UTC, to the minute: a mail is read in every time zone. */
export const moment = (at: string): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const times = (number: number, thing: string): string => `${count(number)} ${thing}${number === 1 ? '' : 's'}`;

/** One incident in a few words: what it is about. */
export function titleOf({ class: kind, attribute, rule }: TellableIncident): string {
  const { title } = CATALOGUE[kind];
  if (attribute !== null) return `${title}: ${line(attribute.split(':').at(-1) ?? attribute)}`;
  return rule === null || kind === 'key-expiring' || kind === 'key-ended' ? title : `${title}: ${line(rule)}`;
}

/** The first sentence of a mail, which many see on a lock screen alone. */
export function opening({ kind, directory, incidents, day }: Notice): string {
  const name = `“${line(directory.name)}”`;
  const isOfAll = directory.id === ALL_DIRECTORIES;
  const [lead] = incidents;
  if (kind === 'test')
    return `This is a test. ${isOfAll ? 'What concerns all directories' : `Failures in the directory ${name}`} will be told to this address.`;
  if (kind === 'digest' && isOfAll) return 'What the last day brought that concerns all directories.';
  if (kind === 'digest') {
    const { operations = 0, failures = 0 } = day ?? {};
    return `In the last day ${times(operations, 'request')} came for the directory ${name}, and ${count(failures)} of them failed.`;
  }
  if (lead === undefined) return `There is news of the directory ${name}.`;
  const alert = alertSentence(lead, name, isOfAll);
  if (alert !== undefined) return alert;
  const open = incidents.filter(({ status }) => status !== 'resolved');
  const failures = open.reduce((sum, incident) => sum + incident.failures, 0);
  const since = moment(open.map(({ beganAt }) => beganAt).sort()[0] ?? lead.beganAt);
  switch (kind) {
    case 'resolved':
      return `Over: ${incidents.length === 1 ? 'what failed' : 'all that failed'} in the directory ${name} ${incidents.every(({ because }) => because === 'success') ? 'works again' : 'is over'}.`;
    case 'reminder':
      return `Still failing in the directory ${name}: ${times(failures, 'request')} since ${since}, and nobody has taken it on.`;
    case 'reopened':
      return `It fails again in the directory ${name}: ${times(failures, 'request')} in all.`;
    default:
      return `${times(failures, 'request')} to the directory ${name} failed since ${since}.`;
  }
}

/** What an alert says, with its numbers; undefined for what requests say. */
export function alertSentence(
  { class: kind, facts, status }: TellableIncident,
  name: string,
  isOfAll = false,
): string | undefined {
  if (facts === null) return undefined;
  const isOver = status === 'resolved';
  const whose = isOfAll ? 'that reaches all directories' : `of the directory ${name}`;
  switch (kind) {
    case 'quarantine-risk':
      return isOver
        ? `Over: the directory ${name} is no longer near the line at which Entra stops.`
        : `${count(number(facts, 'failing'))} users and groups of the directory ${name} fail now (${number(facts, 'sharePercent')} %): ${number(facts, 'usedPercent')} % of what Entra bears before it stops provisioning.`;
    case 'silent':
      return isOver
        ? `Over: requests come to the directory ${name} again.`
        : `Nothing has come to the directory ${name} since ${moment(String(facts.lastHeardAt))}, though it was active before.`;
    case 'mass-deprovision':
      return `${times(number(facts, 'gone'), 'user')} of the directory ${name} were disabled or deleted within an hour; ${count(number(facts, 'active'))} are left.`;
    case 'key-expiring':
      return `The ${credential(facts)} ${whose} ends on ${moment(String(facts.expiresAt))}: ${daysLeft(facts)}.`;
    case 'key-ended':
      return `The ${credential(facts)} ${whose} ended on ${moment(String(facts.expiresAt))}.`;
    default:
      return undefined;
  }
}

/** What of an alert is worth a line of its own. */
export function factLines({ class: kind, facts }: TellableIncident): [name: string, value: string][] {
  if (facts === null || (kind !== 'key-expiring' && kind !== 'key-ended')) return [];
  const used =
    facts.lastUsedAt === null || facts.lastUsedAt === undefined
      ? 'never, as far as is known'
      : moment(String(facts.lastUsedAt));
  const lines: [string, string][] = [['Last used', used]];
  if (typeof facts.client === 'string') lines.push(['Client', facts.client]);
  if (typeof facts.successor === 'string')
    lines.push(['Taken over by', `key ${facts.successor}; the old one is used all the same`]);
  return lines;
}

function credential(facts: AlertFacts): string {
  const kind = facts.credential === 'client-secret' ? 'secret of the client' : 'key';
  return `${kind} “${String(facts.keyName)}” (${String(facts.keyId)})`;
}

function daysLeft(facts: AlertFacts): string {
  const days = number(facts, 'daysLeft');
  return days === 1 ? 'a day is left' : `${days} days are left`;
}

const number = (facts: AlertFacts, name: string): number => (typeof facts[name] === 'number' ? facts[name] : 0);
