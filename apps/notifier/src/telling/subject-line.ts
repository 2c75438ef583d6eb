import { CATALOGUE } from '../incident/causes/catalogue.js';
import { isAlert } from '../incident/causes/alert-causes.js';
import type { TellableIncident } from './notice.js';

const NAME_LENGTH_MAX = 60;

/** The subject of a thread, which stays the same: mail programs keep together what has one subject. */
export function subjectLine(
  directoryName: string,
  incidents: readonly Pick<TellableIncident, 'class' | 'attribute'>[],
): string {
  const name = shortName(directoryName);
  const [lead] = incidents;
  if (lead === undefined) return `Provisioning to ${name}`;
  if (isAlert(lead.class)) return `${name}: ${CATALOGUE[lead.class].title}`;
  if (incidents.length > 1) return `Provisioning to ${name} fails in ${incidents.length} ways`;
  const about = lead.attribute === null ? '' : ` (${lead.attribute.split(':').at(-1) ?? ''})`;
  return `Provisioning to ${name} fails: ${CATALOGUE[lead.class].title}${about}`;
}

/** A directory's name as one short line: it may have been chosen to look like something else. */
export function shortName(name: string): string {
  const line = name.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= NAME_LENGTH_MAX ? line : `${line.slice(0, NAME_LENGTH_MAX - 1).toWellFormed()}…`;
}
