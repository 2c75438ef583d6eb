import type { PublicEvent } from '#libs/contracts';
import { type Mirror, mirrorOf } from '../support/fold.js';
import type { Attempt, History } from './history.js';

/** An event as it lies in the store. */
export interface StoredEvent {
  id: string;
  partition: number;
  position: number;
  directory: string;
  sequence: number;
  entityId: string;
  version: number;
  type: string;
  correlationId: string;
}

/** A message of the public topic, in the order of the topic. */
export interface Published {
  partition: number;
  offset: bigint;
  /** When its publisher sent it, in milliseconds since 1970. */
  sentAt: number;
  event: PublicEvent;
}

/** All that can be known after a run. */
export interface Evidence {
  history: History;
  /** By partition and position. */
  stored: readonly StoredEvent[];
  /** By partition and offset. */
  published: readonly Published[];
  /** What SCIM tells of each directory at the end. */
  seen: ReadonlyMap<string, Mirror>;
}

const MAIN_EVENT: Record<Attempt['deed'], string> = {
  'create-user': 'UserCreated',
  'patch-user': 'UserUpdated',
  'delete-user': 'UserDeleted',
  'add-member': 'GroupMembersAdded',
};

/**
 * Checks from outside what design.md 3 promises (I1 to I7) and gives every violation in a sentence. Pure. In the manner
 * of Jepsen's checkers: it knows what clients saw, what is stored and what was published, and nothing of how.
 */
export function violations({ history, stored, published, seen }: Evidence): string[] {
  const found: string[] = [];
  const byRequest = groupBy(stored, ({ correlationId }) => correlationId);
  const publications = groupBy(published, ({ event }) => event.id);

  for (const attempt of history.attempts) {
    const events = byRequest.get(attempt.id) ?? [];
    const main = events.filter(({ type }) => type === MAIN_EVENT[attempt.deed]);
    const name = `${attempt.deed} ${attempt.id} (${attempt.status}, ${new Date(attempt.at).toISOString()})`;
    if (attempt.outcome === 'ok') {
      if (main.length !== 1) found.push(`I1: ${name} was acknowledged and is ${main.length} times in the store`);
      const [event] = main;
      if (event !== undefined && attempt.version !== undefined && event.version !== attempt.version) {
        found.push(`I1: ${name} was acknowledged as version ${attempt.version} and stored as ${event.version}`);
      }
    } else if (attempt.outcome === 'refused') {
      if (events.length > 0) found.push(`I2: ${name} was refused and has ${events.length} events`);
    } else if (main.length > 1) {
      found.push(`I7: ${name} had an unknown outcome and was applied ${main.length} times`);
    }
  }
  for (const { id, type } of stored) {
    const times = publications.get(id) ?? [];
    if (times.length !== 1) {
      const where = times.map(
        ({ partition, offset, sentAt }) => `${partition}/${offset} ${new Date(sentAt).toISOString()}`,
      );
      found.push(`I1: event ${id} (${type}) is ${times.length} times on the public topic: ${where.join(', ')}`);
    }
  }
  const known = new Set(stored.map(({ id }) => id));
  for (const id of publications.keys()) {
    if (!known.has(id)) found.push(`I2: event ${id} is on the public topic and not in the store`);
  }

  found.push(
    ...dense(
      'I3: positions of partition',
      groupBy(stored, ({ partition }) => partition),
      (event) => event.position,
    ),
    ...dense(
      'I3: sequences of directory',
      groupBy(stored, ({ directory }) => directory),
      (event) => event.sequence,
    ),
    ...dense(
      'I3: versions of',
      groupBy(stored, ({ entityId }) => entityId),
      (event) => event.version,
    ),
    ...inOrder(groupBy(published, ({ partition }) => partition)),
  );
  for (const { target, atLeast, found: version, at } of history.looks) {
    if (version < atLeast) {
      found.push(`I4: ${target} was read as version ${version} after ${atLeast} (${new Date(at).toISOString()})`);
    }
  }
  const events = groupBy(published, ({ event }) => event.directory);
  for (const [directory, mirror] of seen) {
    const own = (events.get(directory) ?? []).map(({ event }) => event);
    if (!equal(mirrorOf(own), mirror)) found.push(`I5: what SCIM tells of ${directory} is not the fold of its events`);
    found.push(...sharedNames(own));
  }
  return found;
}

function dense<Key>(
  what: string,
  groups: ReadonlyMap<Key, StoredEvent[]>,
  number: (event: StoredEvent) => number,
): string[] {
  return [...groups].flatMap(([key, events]) => {
    const numbers = events.map(number).sort((left, right) => left - right);
    const wrong = numbers.findIndex((value, index) => value !== index + 1);
    return wrong < 0 ? [] : [`${what} ${String(key)} have ${numbers[wrong] ?? 0} in place ${wrong + 1}`];
  });
}

function inOrder(groups: ReadonlyMap<number, Published[]>): string[] {
  return [...groups].flatMap(([partition, messages]) => {
    const wrong = messages.findIndex(({ event }, index) => event.position !== index + 1);
    if (wrong < 0) return [];
    return [
      `I3: partition ${partition} of the topic has position ${messages[wrong]?.event.position ?? 0} in place ${wrong + 1}`,
    ];
  });
}

/** I6, at every moment: nobody takes a name that a user of the directory has. */
function sharedNames(events: readonly PublicEvent[]): string[] {
  const nameOf = new Map<string, string>();
  const holder = new Map<string, string>();
  const found: string[] = [];
  for (const { type, subject, directory, sequence, data } of events) {
    if (!type.startsWith('directory.user.')) continue;
    const before = nameOf.get(subject);
    if (before !== undefined) holder.delete(before);
    nameOf.delete(subject);
    if (type === 'directory.user.deleted.v1') continue;
    const name = String(data.resource.userName).toLowerCase();
    if (holder.has(name)) found.push(`I6: ${name} is held twice in ${directory} from sequence ${sequence} on`);
    nameOf.set(subject, name);
    holder.set(name, subject);
  }
  return found;
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function equal(left: Mirror, right: Mirror): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Map) return sorted([...part].map(([key, of]) => [String(key), of]));
    if (part instanceof Set) return [...part].map(String).sort();
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) return sorted(Object.entries(part));
    return part;
  });
}

/** As a list of pairs, so that the order of keys does not matter. */
const sorted = (entries: [string, unknown][]) => entries.sort(([left], [right]) => (left < right ? -1 : 1));
