import type { DirectoryCommand, DirectoryEvent, Member } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import {
  applyPatch,
  type Attributes,
  changesBetween,
  foldKey,
  type MemberOperation,
  type ResourceType,
  withoutWithdrawn,
} from '#libs/scim';
import type { Decision, NewEvent, Occasion } from '../engine/decision.js';
import { present } from '../engine/precondition.js';
import type { World } from '../engine/world.js';
import { leaveAllGroups, memberChange, MEMBERS_PER_EVENT_MAX } from './membership.js';
import { nameIn } from '../engine/name.js';

export type GroupCommand = Extract<
  DirectoryCommand,
  { do: 'create-group' | 'replace-group' | 'patch-group' | 'delete-group' }
>;

/**
 * The rules of groups (RFC 7644 §3.3 to §3.6). Members come and go as deltas; ids that nobody has are left out and named.
 * Throws a Refusal; an empty list of events means: nothing to do.
 */
export function decideGroup(command: GroupCommand, world: World, occasion: Occasion): Decision {
  const { directory, now } = occasion;
  const { Group: type } = occasion.types;
  const subject = { type: 'group', id: command.id } as const;
  const about = (event: DirectoryEvent): NewEvent => ({ entityType: 'group', entityId: command.id, event });

  if (command.do === 'delete-group') {
    const { attributes, created } = present(type, world.group(directory, command.id), command.ifMatch);
    const left = leaveAllGroups(command.id, 'Group', world, occasion);
    return { events: [...left, about({ type: 'GroupDeleted', data: { attributes, created } })], subject };
  }

  const before =
    command.do === 'create-group' ? null : present(type, world.group(directory, command.id), command.ifMatch);
  const created = before?.created ?? now;
  const attributes = attributesAfter(type, command, before?.attributes);
  const changes = before === null ? [] : changesBetween(type, before.attributes, attributes);
  const after = { attributes, created };
  const events: DirectoryEvent[] = [];

  if (before === null || changes.length > 0) refuseTakenName(attributes, command.id, world, directory);
  if (before === null) events.push({ type: 'GroupCreated', data: after });
  else if (changes.length > 0) events.push({ type: 'GroupUpdated', data: { changes, ...after } });

  const operations: MemberOperation[] =
    command.do === 'patch-group'
      ? command.members
      : [{ do: command.do === 'create-group' ? 'add' : 'replace', ids: command.members }];
  const { added, removed, leftOut } = memberChange(command.id, operations, world, directory);
  for (const members of inParts(removed)) events.push({ type: 'GroupMembersRemoved', data: { members, ...after } });
  for (const members of inParts(added)) events.push({ type: 'GroupMembersAdded', data: { members, ...after } });
  return { events: events.map(about), subject, leftOut };
}

function attributesAfter(
  type: ResourceType,
  command: Exclude<GroupCommand, { do: 'delete-group' }>,
  before: Attributes | undefined,
): Attributes {
  if (command.do !== 'patch-group') return withoutWithdrawn(type, command.attributes);
  return applyPatch(type, before ?? {}, command.operations);
}

function refuseTakenName(attributes: Attributes, id: string, world: World, directory: string): void {
  const displayName = nameIn(attributes, 'displayName');
  const holder = world.holder('groupName', directory, foldKey(displayName));
  if (holder === null || holder === id) return;
  throw new Refusal(
    'already-exists',
    `Another group of this directory has the displayName ${displayName}.`,
    'uniqueness',
  );
}

function inParts(members: readonly Member[]): Member[][] {
  const parts: Member[][] = [];
  for (let start = 0; start < members.length; start += MEMBERS_PER_EVENT_MAX) {
    parts.push(members.slice(start, start + MEMBERS_PER_EVENT_MAX));
  }
  return parts;
}
