import type { Member } from '#libs/contracts';
import { builtInTypes } from '#libs/scim';
import type { NewEvent } from '../engine/decision.js';
import { evolve, Touched } from '../engine/evolve.js';
import { World } from '../engine/world.js';
import { decideGroup, type GroupCommand } from './group.decider.js';
import { MEMBERS_PER_EVENT_MAX } from './membership.js';

const directory = 'd';
const group = 'g';
const now = '2026-11-26T00:00:00.000Z';
const MANY = 100_000;

const idOf = (at: number) => `01900000-0000-7000-8000-${String(at).padStart(12, '0')}`;

/** A world that knows one group and its members, and nothing of the users behind them. */
function worldWith(size: number): World {
  const world = new World();
  const entity = { id: group, version: 7, created: now, lastModified: now, attributes: { displayName: 'Everybody' } };
  world.learn({ of: 'group', directory, id: group }, entity);
  world.learn({ of: 'groupName', directory, key: 'everybody' }, group);
  const type = (at: number): Member['type'] => (at % 1_000 === 0 ? 'Group' : 'User');
  world.learn({ of: 'members', group }, new Map(Array.from({ length: size }, (_, at) => [idOf(at), type(at)])));
  return world;
}

function knowUsers(world: World, ids: readonly string[]): void {
  for (const id of ids) {
    world.learn({ of: 'user', directory, id }, { id, version: 1, created: now, lastModified: now, attributes: {} });
    world.learn({ of: 'group', directory, id }, null);
  }
}

const decideIn = (world: World, command: GroupCommand) =>
  decideGroup(command, world, { directory, now, types: builtInTypes }).events;

const membersIn = (events: readonly NewEvent[], type: 'GroupMembersAdded' | 'GroupMembersRemoved') =>
  events.flatMap(({ event }) => (event.type === type ? [event.data.members] : []));

const replacement = (members: string[]): GroupCommand => ({
  do: 'replace-group',
  id: group,
  attributes: { displayName: 'Everybody' },
  members,
});

describe('a group of 100,000', () => {
  it('is replaced by its difference, in events of at most 1,000 members, and takes them in linear time', () => {
    const world = worldWith(MANY);
    const kept = Array.from({ length: 10_000 }, (_, at) => idOf(at * 10));
    const added = Array.from({ length: 2_500 }, (_, at) => idOf(MANY + at));
    knowUsers(world, [...kept, ...added]);
    const from = performance.now();
    const events = decideIn(world, replacement([...kept, ...added]));
    const [gone, come] = [membersIn(events, 'GroupMembersRemoved'), membersIn(events, 'GroupMembersAdded')];
    expect([gone.length, come.length, events.length]).toEqual([90, 3, 93]);
    for (const members of [...gone, ...come]) expect(members.length).toBeLessThanOrEqual(MEMBERS_PER_EVENT_MAX);

    for (const event of events) evolve(world, new Touched(), directory, now, event);
    expect([...world.members(group).keys()].toSorted()).toEqual([...kept, ...added].toSorted());
    // Linear takes half a second; with a pass over the group for each of its members it would be minutes.
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  it('is emptied without a look at who was in it, and says of each what it was', () => {
    const gone = membersIn(
      decideIn(worldWith(MANY), { do: 'patch-group', id: group, operations: [], members: [{ do: 'clear' }] }),
      'GroupMembersRemoved',
    ).flat();
    expect([gone.length, gone.filter(({ type }) => type === 'Group').length]).toEqual([MANY, MANY / 1_000]);
  });

  it('stays as it is when it is replaced by itself', () => {
    const world = worldWith(3_000);
    const all = [...world.members(group).keys()];
    knowUsers(world, all);
    expect(decideIn(world, replacement(all))).toEqual([]);
  });
});
