import type { PublicEvent } from '#libs/contracts';
import type { Resource } from './scim.js';

type Folded = Omit<Resource, 'members'>;

/** What a subscriber knows who has kept nothing but the events. */
export interface Mirror {
  users: Map<string, Folded>;
  groups: Map<string, { group: Folded; members: Set<string> }>;
}

/** Folds a directory's changes, as an application developer would. */
export function mirrorOf(events: readonly PublicEvent[]): Mirror {
  const users = new Map<string, Folded>();
  const groups: Mirror['groups'] = new Map();
  for (const { type, subject, data } of events) {
    const resource = data.resource as Folded;
    if (type === 'directory.user.deleted.v1') users.delete(subject);
    else if (type.startsWith('directory.user.')) users.set(subject, resource);
    if (!type.startsWith('directory.group.')) continue;
    const members = groups.get(subject)?.members ?? new Set<string>();
    if (type === 'directory.group.members-removed.v1')
      for (const { value } of data.members ?? []) members.delete(value);
    else for (const { value } of data.members ?? []) members.add(value);
    if (type === 'directory.group.deleted.v1') groups.delete(subject);
    else groups.set(subject, { group: resource, members });
  }
  return { users, groups };
}

/** The same as SCIM tells it. Locations become relative, as in events; `groups` of a user are told by the groups. */
export function mirrorFrom(url: string, users: readonly Resource[], groups: readonly Resource[]): Mirror {
  const base = new URL(url).origin;
  const plain = (resource: Resource): Folded => {
    const told: Resource = {
      ...resource,
      meta: { ...resource.meta, location: resource.meta.location.replace(base, '') },
    };
    delete told.members;
    delete told.groups;
    return told;
  };
  return {
    users: new Map(users.map((user) => [user.id, plain(user)])),
    groups: new Map(
      groups.map((group) => [
        group.id,
        { group: plain(group), members: new Set((group.members ?? []).map(({ value }) => value)) },
      ]),
    ),
  };
}
