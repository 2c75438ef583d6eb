import type { PublicEvent } from '#libs/contracts';
import { type Mirror, mirrorOf } from '../support/fold.js';
import { type Evidence, violations } from './check.js';

const DIRECTORY = 'd';

/** A run in which three users were made and the first one was changed; `change` spoils it. */
function evidence(change: (it: Mutable) => void = () => undefined): Evidence {
  const stored = ['a', 'b', 'c', 'a'].map((entityId, index) => ({
    id: `event-${index + 1}`,
    partition: 0,
    position: index + 1,
    directory: DIRECTORY,
    sequence: index + 1,
    entityId,
    version: index === 3 ? 2 : 1,
    type: index === 3 ? 'UserUpdated' : 'UserCreated',
    correlationId: `request-${index + 1}`,
  }));
  const published = stored.map((event, index) => ({
    partition: 0,
    offset: BigInt(index * 2),
    sentAt: 0,
    event: {
      id: event.id,
      type: event.type === 'UserCreated' ? 'directory.user.created.v1' : 'directory.user.updated.v1',
      subject: event.entityId,
      directory: DIRECTORY,
      sequence: event.sequence,
      position: event.position,
      data: { resource: { id: event.entityId, userName: `${event.entityId}@example.com` } },
    } as unknown as PublicEvent,
  }));
  const attempts = stored.map((event) => ({
    id: event.correlationId,
    deed: event.type === 'UserCreated' ? ('create-user' as const) : ('patch-user' as const),
    directory: DIRECTORY,
    outcome: 'ok' as const,
    status: 200,
    target: event.entityId,
    version: event.version,
    at: 0,
  }));
  const it: Mutable = {
    history: { attempts, looks: [{ target: 'a', atLeast: 2, found: 2, at: 0 }] },
    stored,
    published,
    seen: new Map([[DIRECTORY, mirrorOf(published.map(({ event }) => event))]]),
  };
  change(it);
  return it;
}

type Mutable = Omit<MutableLists, 'seen'> & { seen: Map<string, Mirror> };
type MutableLists = {
  -readonly [Name in keyof Evidence]: Evidence[Name] extends readonly (infer Item)[] ? Item[] : Evidence[Name];
};

const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
};

const last = <Item>(items: readonly Item[]): Item => first(items.slice(-1));
const second = <Item>(items: readonly Item[]): Item => first(items.slice(1));

describe('the history checker', () => {
  it('finds nothing in a run in which all is well', () => expect(violations(evidence())).toEqual([]));

  it.each<[string, (it: Mutable) => void]>([
    ['I1', (it) => it.stored.pop()],
    ['I1', (it) => it.published.push(first(it.published))],
    ['I1', (it) => it.published.pop()],
    ['I1', (it) => (first(it.history.attempts).version = 7)],
    ['I2', (it) => (first(it.history.attempts).outcome = 'refused')],
    ['I2', (it) => it.stored.shift()],
    ['I3', (it) => (first(it.stored).position = 9)],
    ['I3', (it) => (first(it.stored).sequence = 9)],
    ['I3', (it) => (first(it.stored).version = 9)],
    ['I3', (it) => it.published.reverse()],
    ['I4', (it) => (first(it.history.looks).found = 1)],
    ['I5', (it) => it.seen.set(DIRECTORY, { users: new Map(), groups: new Map() })],
    ['I6', (it) => (last(it.published).event.data.resource.userName = 'B@example.com')],
    [
      'I7',
      (it) => {
        first(it.history.attempts).outcome = 'unknown';
        second(it.stored).correlationId = 'request-1';
      },
    ],
  ])('finds a broken %s', (invariant, spoil) => {
    expect(violations(evidence(spoil)).some((found) => found.startsWith(invariant))).toBe(true);
  });
});
