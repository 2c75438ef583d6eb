import type { Member } from '#libs/contracts';
import { type MemberOperation, withoutWithdrawn } from '#libs/scim';
import type { NewEvent, Occasion } from '../engine/decision.js';
import type { Need, World } from '../engine/world.js';

/** Most members that one event names, so that no message grows with its group. */
export const MEMBERS_PER_EVENT_MAX = 1_000;

/** Who comes and who goes when these operations are done in order, and which ids nobody in the directory has. */
export function memberChange(
  group: string,
  operations: readonly MemberOperation[],
  world: World,
  directory: string,
): { added: Member[]; removed: Member[]; leftOut: string[] } {
  const after = new Map<string, Member | null>(); // null: goes
  const leftOut = new Set<string>();
  for (const operation of operations) {
    if (operation.do === 'clear' || operation.do === 'replace') {
      for (const value of world.members(group).keys()) after.set(value, null);
      for (const [id, member] of after) if (member !== null) after.set(id, null);
    }
    if (operation.do === 'clear') continue;
    if (operation.do === 'remove') {
      for (const id of operation.ids) after.set(id, null);
      continue;
    }
    world.require(operation.ids.flatMap((id) => memberNeeds(directory, id)));
    for (const id of operation.ids) {
      const member = find(id, world, directory);
      if (member === null || id === group) leftOut.add(id);
      else after.set(id, member);
    }
  }
  if (!world.knowsMembers(group)) {
    world.require([...after.keys()].map((member) => ({ of: 'membership', group, member })));
  }
  // Whom a replacement throws out was never looked up, and need not be.
  const known = world.knowsMembers(group) ? world.members(group) : undefined;
  const typeOf = (id: string) => known?.get(id) ?? find(id, world, directory)?.type ?? 'User';
  const added: Member[] = [];
  const removed: Member[] = [];
  for (const [id, member] of after) {
    const isIn = world.isMember(group, id);
    if (member !== null && !isIn) added.push(member);
    if (member === null && isIn) removed.push({ value: id, type: typeOf(id) });
  }
  return { added, removed, leftOut: [...leftOut] };
}

/** The events by which a user or group that is deleted leaves the groups it is in. */
export function leaveAllGroups(
  id: string,
  type: Member['type'],
  world: World,
  { directory, types }: Occasion,
): NewEvent[] {
  const groups = world.groupsOf(id);
  world.require(groups.map((group) => ({ of: 'group', directory, id: group })));
  return groups.flatMap((group): NewEvent[] => {
    const known = world.group(directory, group);
    if (known === null) return [];
    const { created } = known;
    const attributes = withoutWithdrawn(types.Group, known.attributes);
    const data = { members: [{ value: id, type }], attributes, created };
    return [{ entityType: 'group', entityId: group, event: { type: 'GroupMembersRemoved', data } }];
  });
}

const memberNeeds = (directory: string, id: string): Need[] => [
  { of: 'user', directory, id },
  { of: 'group', directory, id },
];

function find(id: string, world: World, directory: string): Member | null {
  if (world.user(directory, id) !== null) return { value: id, type: 'User' };
  if (world.group(directory, id) !== null) return { value: id, type: 'Group' };
  return null;
}
