import { z } from 'zod';
import { actor } from './envelope.js';

/** Types of the events that subscribers see; a new version gets a new name beside the old one. */
export const publicEventType = z.enum([
  'directory.created.v1',
  'directory.schema.extended.v1',
  'directory.schema.reduced.v1',
  'directory.user.created.v1',
  'directory.user.updated.v1',
  'directory.user.deactivated.v1',
  'directory.user.reactivated.v1',
  'directory.user.deleted.v1',
  'directory.group.created.v1',
  'directory.group.updated.v1',
  'directory.group.members-added.v1',
  'directory.group.members-removed.v1',
  'directory.group.deleted.v1',
]);
export type PublicEventType = z.infer<typeof publicEventType>;

/**
 * A change as subscribers see it: CloudEvents 1.0 in JSON. `sequence` is dense per directory from 1, `position` per
 * partition of the topic, `version` per resource; `data.resource` is what a SCIM client would see.
 */
export const publicEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: publicEventType,
  subject: z.string(),
  time: z.string(),
  datacontenttype: z.literal('application/json'),
  directory: z.string(),
  sequence: z.number().int(),
  partition: z.number().int(),
  position: z.number().int(),
  version: z.number().int(),
  correlationid: z.string(),
  data: z.object({
    resource: z.record(z.string(), z.unknown()),
    changes: z
      .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
      .optional(),
    members: z.array(z.object({ value: z.string(), type: z.enum(['User', 'Group']) })).optional(),
    actor,
  }),
});
export type PublicEvent = z.infer<typeof publicEvent>;
