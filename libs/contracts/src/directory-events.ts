import type { Attributes, Change } from '#libs/scim';
import type { Actor } from './envelope.js';

// These names and shapes sit in the event store for ever.
// Add an event or an optional field; never rename, retype or remove one.

/** What happened to a directory, a user or a group. `attributes` is the resource as it stood afterwards. */
export type DirectoryEvent =
  | { type: 'DirectoryCreated'; data: { name: string } }
  | { type: 'UserCreated'; data: { attributes: Attributes } }
  | { type: 'UserUpdated'; data: { changes: Change[]; attributes: Attributes } }
  | { type: 'UserDeactivated'; data: { attributes: Attributes } }
  | { type: 'UserReactivated'; data: { attributes: Attributes } }
  | { type: 'UserDeleted'; data: { attributes: Attributes } }
  | { type: 'GroupCreated'; data: { attributes: Attributes } }
  | { type: 'GroupUpdated'; data: { changes: Change[]; attributes: Attributes } }
  | { type: 'GroupMembersAdded'; data: { members: Member[] } }
  | { type: 'GroupMembersRemoved'; data: { members: Member[] } }
  | { type: 'GroupDeleted'; data: { attributes: Attributes } };

export interface Member {
  value: string;
  type: 'User' | 'Group';
}

export type EntityType = 'directory' | 'user' | 'group';

/** An event with its place: `position` is dense per partition, `sequence` per directory, `version` per entity; all from 1. */
export interface Recorded {
  id: string;
  partition: number;
  position: number;
  directory: string;
  sequence: number;
  entityType: EntityType;
  entityId: string;
  version: number;
  schemaVersion: number;
  recordedAt: string;
  commandId: string;
  correlationId: string;
  actor: Actor;
  event: DirectoryEvent;
}
