import type { IncidentClass } from './causes/catalogue.js';

/** What an incident is about: how requests fail and of what, never whom. */
export interface Subject {
  class: IncidentClass;
  scimType: string | null;
  /** The attribute that failures are about, as the answers name it. */
  attribute: string | null;
  /** Where no attribute is named: what the answers say, without what differs from one to the next. Of alerts: which key, and so on. */
  rule: string | null;
}

const RULE_LENGTH_MAX = 120;
const ATTRIBUTE =
  /^((?:urn:[\w.:-]+)|(?:[a-z$][\w$-]*(?:\.[\w$-]+)*))(?:\[[^\]]*\](?:\.[\w$-]+)?)? (?:must|is|are|needs|has|have|holds|cannot)\b/;

/** Failures with the same fingerprint are one incident. */
export function fingerprintOf({ class: kind, scimType, attribute, rule }: Subject): string {
  return [kind, scimType ?? '', attribute?.toLowerCase() ?? '', attribute === null ? (rule ?? '') : ''].join('|');
}

/** The subject of a failure, from its class and from what it was answered. */
export function subjectOf(failure: {
  failureClass: IncidentClass;
  scimType: string | null;
  detail: string | null;
}): Subject {
  const { failureClass, scimType, detail } = failure;
  const attribute = detail === null ? null : attributeIn(detail);
  const isTold = detail !== null && attribute === null && RULED.has(failureClass);
  return { class: failureClass, scimType, attribute, rule: isTold ? ruleIn(detail) : null };
}

/** Classes of which the words of the answer tell one cause from another; of the others every failure is the same. */
const RULED = new Set<IncidentClass>([
  'invalid-value',
  'invalid-syntax',
  'invalid-filter',
  'invalid-path',
  'no-target',
  'read-only',
  'too-much-at-once',
  'contradiction',
  'scope-missing',
  'not-supported',
  'refused',
  'assertion-refused',
  'token-request',
]);

/** The attribute that an answer names; null when it names none. */
export function attributeIn(detail: string): string | null {
  const taken = /^Another (?:user|group) of this directory has the ([\w.]+) /.exec(detail)?.[1];
  const unfound = /no value of ((?:urn:[\w.:-]+)|[\w.]+)/.exec(detail)?.[1];
  return taken ?? unfound ?? ATTRIBUTE.exec(detail)?.[1] ?? null;
}

/** What an answer says, without values, numbers and whatever a parser adds after a colon. */
export function ruleIn(detail: string): string {
  const general = detail
    .replace(/"[^"]*"?/g, '…')
    .replace(/[^\s@]+@[^\s@]+/g, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27,}\b/gi, '…')
    .replace(/\d+/g, 'n')
    .replace(/:\s.*$/s, '')
    .replace(/\.$/, '')
    .trim();
  return general.length <= RULE_LENGTH_MAX ? general : `${general.slice(0, RULE_LENGTH_MAX - 1).toWellFormed()}…`;
}
