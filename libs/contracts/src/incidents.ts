import { z } from 'zod';
import { cause } from './provisioning-log.js';

export const incidentStatus = z.enum(['open', 'acknowledged', 'resolved']);
export type IncidentStatus = z.infer<typeof incidentStatus>;

/** Failures of one kind in one directory, as a list shows them. Times are ISO 8601 in UTC. */
export const incidentSummary = z.object({
  id: z.uuid(),
  directory: z.uuid(),
  status: incidentStatus,
  class: z.string(),
  title: z.string(),
  attribute: z.string().nullable(),
  failures: z.number().int(),
  /** How many users, groups or searches fail now. */
  failing: z.number().int(),
  openedAt: z.string(),
  lastAt: z.string(),
  mutedUntil: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  because: z.enum(['success', 'hand', 'quiet']).nullable(),
});
export type IncidentSummary = z.infer<typeof incidentSummary>;

const example = z.object({
  id: z.string(),
  at: z.string(),
  method: z.string(),
  path: z.string(),
  target: z.string().nullable(),
  status: z.number().int(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
});

/** All that is known of an incident: why it probably is, what to do, some who failed, when Entra tries again, what happened to it. */
export const incidentDetails = z.object({
  incident: incidentSummary,
  cause,
  examples: z.array(example),
  facts: z.record(z.string(), z.unknown()).nullable(),
  nextTryAt: z.string().nullable(),
  history: z.array(z.object({ at: z.string(), type: z.string(), by: z.string().nullable() })),
});
export type IncidentDetails = z.infer<typeof incidentDetails>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, as 07:30');

/** When people want to be told; what is left out stays as it is, null takes a wish back. */
export const tellingWishes = z.object({
  timeZone: z.string().max(64).optional(),
  quiet: z.object({ from: timeOfDay, to: timeOfDay }).nullable().optional(),
  digestAt: timeOfDay.nullable().optional(),
});
export type TellingWishes = z.infer<typeof tellingWishes>;

/** Who is told of a directory, how and when, and how they can be reached. */
export const telling = z.object({
  addresses: z.array(z.object({ address: z.string(), state: z.string() })),
  unsubscribed: z.array(z.object({ address: z.string(), at: z.string() })),
  webhooks: z.array(z.object({ id: z.string(), url: z.string(), state: z.string() })),
  timeZone: z.string(),
  quiet: z.object({ from: z.string(), to: z.string() }).nullable(),
  digestAt: z.string().nullable(),
  health: z.object({ state: z.string(), since: z.string() }).nullable(),
});
export type Telling = z.infer<typeof telling>;
