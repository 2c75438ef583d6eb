import type { Attributes, Change, Extension } from '#libs/scim';
import type { Actor } from './envelope.js';

// These names and shapes sit in the event store for ever.
// Add an event or an optional field; never rename, retype or remove one.

/** The user or group as it stood right after the event. */
export interface After {
  attributes: Attributes;
  created: string;
}

/** What happened to a directory, a user or a group. */
export type DirectoryEvent =
  | { type: 'DirectoryCreated'; data: { name: string } }
  | { type: 'DirectorySchemaExtended'; data: SchemaAfter }
  | { type: 'DirectorySchemaReduced'; data: SchemaAfter }
  | { type: 'UserCreated'; data: After }
  | { type: 'UserUpdated'; data: After & { changes: Change[] } }
  | { type: 'UserDeactivated'; data: After }
  | { type: 'UserReactivated'; data: After }
  | { type: 'UserDeleted'; data: After }
  | { type: 'GroupCreated'; data: After }
  | { type: 'GroupUpdated'; data: After & { changes: Change[] } }
  | { type: 'GroupMembersAdded'; data: After & { members: Member[] } }
  | { type: 'GroupMembersRemoved'; data: After & { members: Member[] } }
  | { type: 'GroupDeleted'; data: After };

/** One of the directory's extensions as it stood right after the event, and which of its attributes came or went. */
export interface SchemaAfter {
  extension: Extension;
  attribute: string;
}

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
