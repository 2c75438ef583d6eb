import type { DirectoryCommand, DirectoryEvent } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { applyPatch, type Attributes, changesBetween, foldKey, withoutWithdrawn } from '#libs/scim';
import type { Decision, NewEvent, Occasion } from '../engine/decision.js';
import { present } from '../engine/precondition.js';
import type { Entity, World } from '../engine/world.js';
import { leaveAllGroups } from '../group/membership.js';
import { nameIn } from '../engine/name.js';

export type UserCommand = Extract<
  DirectoryCommand,
  { do: 'create-user' | 'replace-user' | 'patch-user' | 'delete-user' }
>;

/** The rules of users (RFC 7644 §3.3 to §3.6). Throws a Refusal; an empty list of events means: nothing to do. */
export function decideUser(command: UserCommand, world: World, occasion: Occasion): Decision {
  const subject = { type: 'user', id: command.id } as const;
  return { events: eventsOf(command, world, occasion), subject };
}

function eventsOf(command: UserCommand, world: World, occasion: Occasion): NewEvent[] {
  const { directory, now } = occasion;
  const { User: type } = occasion.types;
  const about = (event: DirectoryEvent): NewEvent => ({ entityType: 'user', entityId: command.id, event });

  switch (command.do) {
    case 'create-user': {
      refuseTakenName(command.attributes, command.id, world, directory);
      // RFC 7643 §4.1.1 leaves the default of `active` open; a user that nobody disabled is enabled.
      const attributes = { active: true, ...withoutWithdrawn(type, command.attributes) };
      return [about({ type: 'UserCreated', data: { attributes, created: now } })];
    }
    case 'replace-user': {
      const before = present(type, world.user(directory, command.id), command.ifMatch);
      const active = before.attributes.active ?? true;
      const after = { active, ...withoutWithdrawn(type, command.attributes) };
      return changed(before, after, world, occasion).map(about);
    }
    case 'patch-user': {
      const before = present(type, world.user(directory, command.id), command.ifMatch);
      return changed(before, applyPatch(type, before.attributes, command.operations), world, occasion).map(about);
    }
    case 'delete-user': {
      const before = present(type, world.user(directory, command.id), command.ifMatch);
      const { attributes, created } = before;
      const left = leaveAllGroups(command.id, 'User', world, occasion);
      return [...left, about({ type: 'UserDeleted', data: { attributes, created } })];
    }
  }
}

/** Only what differs becomes an event; enabling and disabling are events of their own, since people act on them. */
function changed(before: Entity, after: Attributes, world: World, { directory, types }: Occasion): DirectoryEvent[] {
  const all = changesBetween(types.User, before.attributes, after);
  if (all.length === 0) return [];
  refuseTakenName(after, before.id, world, directory);
  const { created } = before;
  const [was, is] = [before.attributes.active !== false, after.active !== false];
  // An `active` that is taken away is unassigned (RFC 7644 §3.5.2.2), and whoever is not disabled is enabled.
  const changes = all.filter(({ path }) => path !== 'active' || was === is);
  const events: DirectoryEvent[] = [];
  if (changes.length > 0) {
    const attributes = was === is ? after : { ...after, active: was };
    events.push({ type: 'UserUpdated', data: { changes, attributes, created } });
  }
  if (was && !is) events.push({ type: 'UserDeactivated', data: { attributes: after, created } });
  if (!was && is) events.push({ type: 'UserReactivated', data: { attributes: after, created } });
  return events;
}

function refuseTakenName(attributes: Attributes, id: string, world: World, directory: string): void {
  const userName = nameIn(attributes, 'userName');
  const holder = world.holder('userName', directory, foldKey(userName));
  if (holder === null || holder === id) return;
  throw new Refusal('already-exists', `Another user of this directory has the userName ${userName}.`, 'uniqueness');
}
