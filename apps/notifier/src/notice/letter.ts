import type { Failure } from '../activity/failure.js';
import { causeOf } from './cause.js';
import type { Kind, Tally } from './tally.js';

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

const NAME_LENGTH_MAX = 100;
const AGAIN =
  'Entra tries failed changes again at its next cycle, usually within 40 minutes, and then less and less often.';
const WHY_YOU =
  'You get this because your address is a notification address of this directory. Further failures are told at most once a minute.';

/** What a notice says to people: what failed, how many, since when, examples, the probable cause and what to do. */
export function letter(directoryName: string, tally: Tally): Letter {
  const name = oneLine(directoryName);
  const kinds = [...tally.kinds].sort((a, b) => b.failures - a.failures);
  const opening = `${requests(tally.failures)} to the directory "${name}" failed ${span(tally)}.`;
  return {
    subject: `Provisioning to ${name}: ${requests(tally.failures)} failed`,
    text: [opening, ...kinds.map(kindAsText), AGAIN, WHY_YOU].join('\n\n') + '\n',
    html: page([element('p', opening), ...kinds.map(kindAsHtml), element('p', AGAIN), element('p', WHY_YOU)]),
  };
}

function kindAsText(kind: Kind): string {
  const lines = [
    headline(kind),
    ...advice(kind).map(([title, text]) => `  ${title}: ${text}`),
    '  For example:',
    ...kind.examples.map((failure) => `    - ${example(failure)}`),
  ];
  return lines.join('\n');
}

function kindAsHtml(kind: Kind): string {
  const rows = advice(kind).map(([title, text]) => `<p><strong>${escaped(title)}:</strong> ${escaped(text)}</p>`);
  const examples = kind.examples.map((failure) => element('li', example(failure)));
  return `${element('h2', headline(kind))}${rows.join('')}<p>For example:</p><ul>${examples.join('')}</ul>`;
}

function headline({ failures, status, scimType }: Kind): string {
  return `${failures} × ${status}${scimType === null ? '' : ` ${scimType}`}`;
}

function advice(kind: Kind): [title: string, text: string][] {
  const { cause, inEntra, inRoster } = causeOf(kind);
  return [
    ['Probable cause', cause],
    ['In Entra', inEntra],
    ['In Roster', inRoster],
  ];
}

function example({ at, method, path, target, status, scimType, detail }: Failure): string {
  const whom = target === null ? '' : ` (${target})`;
  const answer = scimType === null ? String(status) : `${status} ${scimType}`;
  return `${minuteAndSecond(at)}  ${method} ${path}${whom}: ${answer}${detail === null ? '' : `, ${detail}`}`;
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

function span({ firstAt, lastAt }: Tally): string {
  const [from, to] = [minuteAndSecond(firstAt), minuteAndSecond(lastAt)];
  return from === to ? `at ${from}` : `between ${from} and ${to}`;
}

function minuteAndSecond(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= NAME_LENGTH_MAX ? line : `${line.slice(0, NAME_LENGTH_MAX - 1).toWellFormed()}…`;
}

function page(parts: readonly string[]): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>${parts.join('')}</body></html>\n`;
}

function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
