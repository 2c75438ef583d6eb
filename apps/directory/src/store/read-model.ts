import type { DirectoryEvent, Member } from '#libs/contracts';
import { emailKeys, foldKey } from '#libs/scim';
import type { Touched } from '../engine/evolve.js';
import { nameIn } from '../engine/name.js';
import type { Entity, World } from '../engine/world.js';

/** What a batch of events makes of the read model: rows by the names of their columns, and the ids of what is gone. */
export interface ReadModelChange {
  directories: object[];
  schemas: { directory_id: string }[];
  users: { put: object[]; gone: string[] };
  groups: { put: object[]; gone: string[] };
  members: { added: MemberRow[]; removed: MemberRow[] };
}

export interface MemberRow {
  group_id: string;
  member_id: string;
  member_type: Member['type'];
  directory_id: string | undefined;
}

/** The rows of what events have touched in this world. Pure: commit and rebuild both write what it says. */
export function readModelChange(
  world: World,
  touched: Touched,
  events: readonly { entityId: string; directory: string; event: DirectoryEvent }[],
): ReadModelChange {
  const of = new Map(events.map(({ entityId, directory }) => [entityId, directory]));
  const moved = [...touched.memberships.values()].filter(
    ({ group, isIn, wasIn }) => isIn !== wasIn && touched.groups.get(group) !== null,
  );
  const member = ({ group, member: { value, type } }: (typeof moved)[number]): MemberRow => ({
    group_id: group,
    member_id: value,
    member_type: type,
    directory_id: of.get(group),
  });
  return {
    directories: [...touched.directories].flatMap((id) => directoryRow(world, id)),
    schemas: [...touched.schemas].flatMap((id) => schemaRow(world, id)),
    users: split(touched.users, (id, user) => userRow(of.get(id), user)),
    groups: split(touched.groups, (id, group) => groupRow(of.get(id), group)),
    members: {
      added: moved.filter(({ isIn }) => isIn).map(member),
      removed: moved.filter(({ isIn }) => !isIn).map(member),
    },
  };
}

function split(entities: ReadonlyMap<string, Entity | null>, row: (id: string, entity: Entity) => object) {
  const all = [...entities];
  return {
    put: all.flatMap(([id, entity]) => (entity === null ? [] : row(id, entity))),
    gone: all.flatMap(([id, entity]) => (entity === null ? id : [])),
  };
}

function directoryRow(world: World, id: string): object[] {
  const directory = world.directory(id);
  if (directory === null) return [];
  const { name, partition, sequence, version, created } = directory;
  return [{ id, name, partition, sequence, version, created_at: created }];
}

function schemaRow(world: World, id: string) {
  const directory = world.directory(id);
  if (directory === null) return [];
  return [{ directory_id: id, version: directory.schemaVersion, extensions: directory.extensions }];
}

const userRow = (directory: string | undefined, { id, version, created, lastModified, attributes }: Entity) => ({
  directory_id: directory,
  id,
  user_name_key: foldKey(nameIn(attributes, 'userName')),
  external_id: attributes.externalId ?? null,
  display_name_key: typeof attributes.displayName === 'string' ? foldKey(attributes.displayName) : null,
  email_keys: emailKeys(attributes),
  active: attributes.active ?? null,
  version,
  created_at: created,
  last_modified: lastModified,
  attributes,
});

const groupRow = (directory: string | undefined, { id, version, created, lastModified, attributes }: Entity) => ({
  directory_id: directory,
  id,
  display_name_key: foldKey(nameIn(attributes, 'displayName')),
  external_id: attributes.externalId ?? null,
  version,
  created_at: created,
  last_modified: lastModified,
  attributes,
});
