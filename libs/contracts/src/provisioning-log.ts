import { z } from 'zod';

/** What a SCIM request probably failed of, and what to do, for somebody who does not know SCIM. */
export const cause = z.object({
  title: z.string(),
  explanation: z.string(),
  inEntra: z.string(),
  inRoster: z.string(),
});
export type Cause = z.infer<typeof cause>;

/** A place in the log: its entries are in order of time, and of id where the time is the same. */
const place = z.object({ at: z.iso.datetime(), id: z.uuid() });
export type LogPlace = z.infer<typeof place>;

/** One SCIM request as the provisioning log shows it in a list. */
export const logEntry = z.object({
  id: z.uuid(),
  at: z.string(),
  receivedAt: z.string(),
  directory: z.uuid().nullable(),
  keyId: z.string().nullable(),
  method: z.string(),
  path: z.string(),
  query: z.string().nullable(),
  resourceType: z.string().nullable(),
  target: z.string().nullable(),
  status: z.number().int(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  failureClass: z.string().nullable(),
  durationMs: z.number(),
  correlationId: z.string(),
  client: z.object({ address: z.string().nullable(), userAgent: z.string().nullable() }),
  /** How many requests of this kind were told together, of which this is the last. */
  count: z.number().int(),
  leftOut: z.array(z.string()),
});
export type LogEntry = z.infer<typeof logEntry>;

/** A change of the directory that a request caused; all of it is in `directory.events`. */
export const causedEvent = z.object({
  sequence: z.number().int(),
  type: z.string(),
  subject: z.string(),
  time: z.string(),
});
export type CausedEvent = z.infer<typeof causedEvent>;

/**
 * Which entries of the log: of the envelope's directory (null: of requests that no key said whose they are), from `since` on
 * and before `until`. `heardSince` asks by when the log took them in. At most `limit`, after the place `after`, in the order asked for.
 */
export const logQuestion = z.object({
  since: z.iso.datetime(),
  until: z.iso.datetime().optional(),
  heardSince: z.iso.datetime().optional(),
  isFailed: z.boolean().optional(),
  status: z.number().int().optional(),
  resourceType: z.enum(['User', 'Group']).optional(),
  target: z.string().optional(),
  keyId: z.string().optional(),
  isNewestFirst: z.boolean(),
  after: place.optional(),
  limit: z.number().int().min(1).max(1_000),
});
export type LogQuestion = z.infer<typeof logQuestion>;

/** One entry with all that is known of it: the body of a failed request, the error it was answered, what it changed, and why. */
export const logDetails = z.object({
  entry: logEntry,
  request: z.string().nullable(),
  events: z.array(causedEvent),
  cause: cause.nullable(),
});
export type LogDetails = z.infer<typeof logDetails>;
