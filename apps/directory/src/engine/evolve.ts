import type { DirectoryEvent, Member } from '#libs/contracts';
import { type Attributes, builtInTypes, foldKey, typesWith } from '#libs/scim';
import { schemaDecider } from '../schema/schema.decider.js';
import type { NewEvent } from './decision.js';
import type { Entity, Need, World } from './world.js';
import { nameIn } from './name.js';

/** What a batch changed, so that the read model is written once for each row, however many events touched it. */
export class Touched {
  readonly directories = new Set<string>();
  readonly schemas = new Set<string>();
  readonly users = new Map<string, Entity | null>();
  readonly groups = new Map<string, Entity | null>();
  /** `group member` → the member that is in now, or null for one that left. */
  readonly memberships = new Map<string, { group: string; member: Member; isIn: boolean; wasIn: boolean }>();
}

/** Lets an event take effect in the world, for the commands that follow in the batch. Gives the entity's new version. */
export function evolve(
  world: World,
  touched: Touched,
  directory: string,
  now: string,
  { entityId, event }: NewEvent,
): number {
  switch (event.type) {
    case 'DirectoryCreated': {
      const own = { schemaVersion: 0, extensions: [], types: builtInTypes };
      const known = { id: directory, name: event.data.name, partition: -1, sequence: 0, version: 1, created: now };
      world.learn({ of: 'directory', id: directory }, { ...known, ...own });
      return 1;
    }
    case 'DirectorySchemaExtended':
    case 'DirectorySchemaReduced': {
      const known = world.directory(directory);
      if (known === null) throw new Error('a schema of a directory that does not exist');
      const extensions = schemaDecider.evolve(known.extensions, event);
      const own = { schemaVersion: known.schemaVersion + 1, extensions, types: typesWith(extensions) };
      const version = known.version + 1;
      world.learn({ of: 'directory', id: directory }, { ...known, ...own, version });
      touched.schemas.add(directory);
      return version;
    }
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeactivated':
    case 'UserReactivated':
      return put(world, touched, 'user', directory, entityId, now, event);
    case 'UserDeleted':
      return remove(world, touched, 'user', directory, entityId);
    case 'GroupCreated':
      world.learn({ of: 'members', group: entityId }, new Map());
      return put(world, touched, 'group', directory, entityId, now, event);
    case 'GroupUpdated':
      return put(world, touched, 'group', directory, entityId, now, event);
    case 'GroupDeleted':
      return remove(world, touched, 'group', directory, entityId);
    case 'GroupMembersAdded':
    case 'GroupMembersRemoved':
      for (const member of event.data.members) {
        setMembership(world, touched, entityId, member, event.type === 'GroupMembersAdded');
      }
      return put(world, touched, 'group', directory, entityId, now, event);
  }
}

const NAMES = {
  user: { of: 'userName', attribute: 'userName' },
  group: { of: 'groupName', attribute: 'displayName' },
} as const;

function put(
  world: World,
  touched: Touched,
  kind: 'user' | 'group',
  directory: string,
  id: string,
  now: string,
  event: DirectoryEvent & { data: { attributes: Attributes; created: string } },
): number {
  const need = { of: kind, directory, id } as const;
  const before = world.knows(need) ? world[kind](directory, id) : null;
  const { attributes, created } = event.data;
  const after = { id, version: (before?.version ?? 0) + 1, created, lastModified: now, attributes };
  const { of, attribute } = NAMES[kind];
  const oldKey = before === null ? undefined : foldKey(nameIn(before.attributes, attribute));
  const newKey = foldKey(nameIn(attributes, attribute));
  if (oldKey !== undefined && oldKey !== newKey) world.learn({ of, directory, key: oldKey }, null);
  world.learn({ of, directory, key: newKey }, id);
  world.learn(need, after);
  touched[`${kind}s`].set(id, after);
  return after.version;
}

function remove(world: World, touched: Touched, kind: 'user' | 'group', directory: string, id: string): number {
  const before = world[kind](directory, id);
  const { of, attribute } = NAMES[kind];
  if (before !== null) world.learn({ of, directory, key: foldKey(nameIn(before.attributes, attribute)) }, null);
  world.learn({ of: kind, directory, id }, null);
  touched[`${kind}s`].set(id, null);
  return (before?.version ?? 0) + 1;
}

function setMembership(world: World, touched: Touched, group: string, member: Member, isIn: boolean): void {
  const key = `${group} ${member.value}`;
  const wasIn = touched.memberships.get(key)?.wasIn ?? !isIn;
  touched.memberships.set(key, { group, member, isIn, wasIn });
  if (!world.knowsMembers(group)) world.learn({ of: 'membership', group, member: member.value }, isIn);
  else if (isIn) world.members(group).set(member.value, member.type);
  else world.members(group).delete(member.value);
  const ofMember: Need = { of: 'groupsOf', member: member.value };
  if (world.knows(ofMember)) {
    const others = world.groupsOf(member.value).filter((other) => other !== group);
    world.learn(ofMember, isIn ? [...others, group] : others);
  }
}
