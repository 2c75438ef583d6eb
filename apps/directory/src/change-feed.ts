import type { After, PublicEvent, PublicEventType, Recorded } from '#libs/contracts';
import { type Attributes, groupType, type ResourceType, schemaDocument, toResource, userType } from '#libs/scim';

const TYPES: Record<Recorded['event']['type'], PublicEventType> = {
  DirectoryCreated: 'directory.created.v1',
  DirectorySchemaExtended: 'directory.schema.extended.v1',
  DirectorySchemaReduced: 'directory.schema.reduced.v1',
  UserCreated: 'directory.user.created.v1',
  UserUpdated: 'directory.user.updated.v1',
  UserDeactivated: 'directory.user.deactivated.v1',
  UserReactivated: 'directory.user.reactivated.v1',
  UserDeleted: 'directory.user.deleted.v1',
  GroupCreated: 'directory.group.created.v1',
  GroupUpdated: 'directory.group.updated.v1',
  GroupMembersAdded: 'directory.group.members-added.v1',
  GroupMembersRemoved: 'directory.group.members-removed.v1',
  GroupDeleted: 'directory.group.deleted.v1',
};

// Locations in events are relative: subscribers reach the gateway under a name that only they know.
const BASE = '/v2';

/** The seam between what is kept and what others see: an internal event as a CloudEvent (docs/events.md). Pure. */
export function asPublicEvent(recorded: Recorded): PublicEvent {
  const { event } = recorded;
  return {
    specversion: '1.0',
    id: recorded.id,
    source: `/directories/${recorded.directory}`,
    type: TYPES[event.type],
    subject: recorded.entityId,
    time: recorded.recordedAt,
    datacontenttype: 'application/json',
    directory: recorded.directory,
    sequence: recorded.sequence,
    partition: recorded.partition,
    position: recorded.position,
    version: recorded.version,
    correlationid: recorded.correlationId,
    data: { ...dataOf(recorded), actor: recorded.actor },
  };
}

function dataOf(recorded: Recorded): Omit<PublicEvent['data'], 'actor'> {
  const { event } = recorded;
  if (event.type === 'DirectoryCreated') return { resource: { id: recorded.entityId, name: event.data.name } };
  if ('extension' in event.data) return { resource: { ...schemaDocument(event.data.extension, BASE) } };
  const resource = resourceOf(recorded, event.data);
  if ('changes' in event.data) return { resource, changes: event.data.changes };
  if ('members' in event.data) return { resource, members: event.data.members };
  return { resource };
}

function resourceOf({ entityId, entityType, version, recordedAt }: Recorded, { attributes, created }: After) {
  const type = withExtensionsOf(attributes, entityType === 'user' ? userType : groupType);
  const stored = { id: entityId, attributes, version, created, lastModified: recordedAt };
  return { ...toResource(type, stored, BASE) } as Record<string, unknown>;
}

/**
 * An event tells what was stored when it happened, whatever the directory's schema is by now: stored attributes have only
 * extensions that the directory had then.
 */
function withExtensionsOf(attributes: Attributes, type: ResourceType): ResourceType {
  const isKnown = (name: string) => name === type.schema.id || type.extensions.some(({ id }) => id === name);
  const urns = Object.keys(attributes).filter((name) => name.includes(':') && !isKnown(name));
  if (urns.length === 0) return type;
  const others = urns.map((id) => ({ id, name: '', description: '', attributes: {} }));
  return { ...type, extensions: [...type.extensions, ...others] };
}
