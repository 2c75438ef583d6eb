import { TOKEN_PATH } from '#libs/contracts';
import { fingerprintOf, type Subject, subjectOf } from '../incident/subject.js';
import type { Example } from '../incident/incident.js';
import { causeOf, type IncidentClass } from '../incident/causes/catalogue.js';
import { isOfCredentials } from '../incident/failure-class.js';
import type { Entry } from '../log/entry.js';
import { baseName } from './base-name.js';

/** What a failure stands in the way of. The same thing done with success clears it. */
export interface Target {
  /** Whom or what it was about: a resource, a search, or (of what concerns all requests) a key. */
  key: string;
  /** `any` success of the directory, or one that writes or reads the same. */
  family: 'any' | 'write' | 'read';
  /** Only a success that touches this attribute counts; null: any. */
  attribute: string | null;
  /** A manager or a member: Entra counts such failures apart. */
  isReference: boolean;
  at: Date;
}

/** Something that went well, and what it proves to work again. `touched` null: all of the resource. */
export interface Success {
  key: string;
  family: 'write' | 'read';
  touched: readonly string[] | null;
  at: Date;
}

/** Failures of one fingerprint in a round. */
export interface Group {
  fingerprint: string;
  subject: Subject;
  failures: number;
  firstAt: Date;
  lastAt: Date;
  examples: Example[];
  targets: Map<string, Target>;
}

export interface Minute {
  operations: number;
  failures: number;
  written: number;
}

/** What a batch of requests amounts to for one directory. */
export interface Round {
  directory: string;
  firstAt: Date;
  lastAt: Date;
  lastSuccessAt: Date | null;
  lastKeyRefusedAt: Date | null;
  minutes: Map<number, Minute>;
  groups: Map<string, Group>;
  successes: Success[];
}

const MINUTE_MS = 60_000;
const EXAMPLES_MAX = 3;
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Adds up what became of requests, directory by directory in one order for everybody; those that are nobody's are left out. */
export function roundsOf(entries: readonly Entry[]): Round[] {
  const rounds = new Map<string, Round>();
  for (const entry of [...entries].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (entry.directory === null) continue;
    const round = rounds.get(entry.directory) ?? emptyRound(entry.directory, entry.at);
    rounds.set(entry.directory, round);
    add(round, entry);
  }
  return [...rounds.values()].sort((a, b) => (a.directory < b.directory ? -1 : 1));
}

function add(round: Round, entry: Entry): void {
  const { at, count } = entry;
  const isFailure = entry.failureClass !== null;
  round.lastAt = at;
  const minute = minuteOf(round, at);
  const isOperation = entry.path !== TOKEN_PATH;
  if (isOperation) minute.operations += count;
  if (isFailure) {
    if (isOperation) minute.failures += count;
    addFailure(round, entry, entry.failureClass as IncidentClass);
    return;
  }
  round.lastSuccessAt = at;
  if (isWrite(entry)) minute.written += 1;
  addSuccess(round, entry);
}

function addFailure(round: Round, entry: Entry, failureClass: IncidentClass): void {
  if (causeOf(failureClass) === null) return;
  if (isOfCredentials(failureClass)) round.lastKeyRefusedAt = entry.at;
  const subject = subjectOf({ failureClass, scimType: entry.scimType, detail: entry.detail });
  const fingerprint = fingerprintOf(subject);
  const group = round.groups.get(fingerprint) ?? emptyGroup(fingerprint, subject, entry.at);
  round.groups.set(fingerprint, group);
  group.failures += entry.count;
  group.lastAt = entry.at;
  addExample(group, entry);
  const target = targetOf(entry, failureClass, subject);
  group.targets.set(target.key, target);
}

function addExample(group: Group, entry: Entry): void {
  if (group.examples.length >= EXAMPLES_MAX) return;
  if (group.examples.some(({ target }) => target !== null && target === entry.target)) return;
  const { id, at, method, path, target, status, scimType, detail } = entry;
  group.examples.push({ id, at: at.toISOString(), method, path, target, status, scimType, detail });
}

function addSuccess(round: Round, entry: Entry): void {
  const family = isWrite(entry) ? 'write' : 'read';
  const success: Success = { key: keyOf(entry), family, touched: touchedBy(entry), at: entry.at };
  round.successes.push(success);
  for (const group of round.groups.values()) {
    for (const target of group.targets.values()) {
      if (clears(success, target)) group.targets.delete(target.key);
    }
  }
}

/** Does this success show that what failed works again? What has gone is not in the way any more either. */
export function clears(success: Success, target: Target): boolean {
  if (success.at < target.at) return false;
  if (target.family === 'any') return true;
  if (success.key !== target.key || success.family !== target.family) return false;
  return target.attribute === null || success.touched === null || success.touched.includes(target.attribute);
}

function targetOf(entry: Entry, failureClass: IncidentClass, subject: Subject): Target {
  // A token that was given is not told of: what is done with it is.
  const isOfKey = isOfCredentials(failureClass) || entry.path === TOKEN_PATH;
  const family = isOfKey ? 'any' : isWrite(entry) ? 'write' : 'read';
  const key = isOfKey ? `key ${entry.keyId ?? ''}` : keyOf(entry);
  const attribute = family !== 'write' || subject.attribute === null ? null : baseName(subject.attribute);
  return { key, family, attribute, isReference: isReference(entry), at: entry.at };
}

/** A resource by its id or name; without one, the place that was asked. */
function keyOf({ method, path, resourceType, target }: Entry): string {
  if (resourceType !== null && target !== null) return `${resourceType} ${target.toLowerCase()}`;
  return `${method} ${path}`;
}

/** A PATCH proves only what it was about; everything else is about the whole resource. */
function touchedBy({ method, touched }: Entry): string[] | null {
  if (method !== 'PATCH' || touched === undefined) return null;
  const names = touched.map(baseName);
  return names.includes(null) ? null : names.filter((name) => name !== null);
}

function isReference({ method, resourceType, touched }: Entry): boolean {
  if (method !== 'PATCH' || touched === undefined || touched.length === 0) return false;
  const reference = resourceType === 'Group' ? 'members' : 'manager';
  return touched.every((path) => baseName(path) === reference);
}

const isWrite = ({ method, path }: Entry) => WRITES.has(method) && !path.endsWith('/.search');

function minuteOf(round: Round, at: Date): Minute {
  const minute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const known = round.minutes.get(minute) ?? { operations: 0, failures: 0, written: 0 };
  round.minutes.set(minute, known);
  return known;
}

function emptyRound(directory: string, at: Date): Round {
  const times = { firstAt: at, lastAt: at, lastSuccessAt: null, lastKeyRefusedAt: null };
  return { directory, ...times, minutes: new Map(), groups: new Map(), successes: [] };
}

const emptyGroup = (fingerprint: string, subject: Subject, at: Date): Group => ({
  fingerprint,
  subject,
  failures: 0,
  firstAt: at,
  lastAt: at,
  examples: [],
  targets: new Map(),
});
