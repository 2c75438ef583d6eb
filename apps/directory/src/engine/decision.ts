import type { DirectoryEvent, EntityType } from '#libs/contracts';
import type { ResourceTypes } from '#libs/scim';

/** An event that has been decided but has no place in the order yet. */
export interface NewEvent {
  entityType: EntityType;
  entityId: string;
  event: DirectoryEvent;
}

/** What a decider says to a command: the events, and member ids that were left out because nobody has them. */
export interface Decision {
  events: NewEvent[];
  subject: { type: 'user' | 'group'; id: string } | null;
  leftOut?: string[];
}

/** Where and when a command is decided, and what users and groups are there. Time is an argument: deciding twice gives the same. */
export interface Occasion {
  directory: string;
  now: string;
  types: ResourceTypes;
}
