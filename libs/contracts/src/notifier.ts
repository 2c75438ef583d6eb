import { z } from 'zod';
import { type Request, request } from './envelope.js';
import { incidentDetails, incidentStatus, incidentSummary, telling, tellingWishes } from './incidents.js';
import { logDetails, logEntry, logQuestion } from './provisioning-log.js';
import { hindered, refused } from './refusal.js';

/** Stands in a command's envelope for all directories: who is told of what is no one directory's, such as a key that reaches all. */
export const ALL_DIRECTORIES = '00000000-0000-0000-0000-000000000000';

const WEBHOOK_URL_MAX = 2_048;
const directoryName = z.string();
const incident = z.object({ id: z.uuid() });

/**
 * What can be asked of the notifier, of the envelope's directory (ALL_DIRECTORIES: of what is no one's). `set-addresses` replaces the notification addresses. A new
 * webhook's secret is sealed to `sealTo`, a public JWK (ECDH-ES) that only the asker can open. `unsubscribe` comes from whoever
 * holds a link out of a mail, whose token says of what and whom.
 */
export const notifierCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('set-addresses'), addresses: z.array(z.email()).max(20), directoryName }),
  tellingWishes.extend({ do: z.literal('set-wishes'), directoryName }),
  z.object({
    do: z.literal('add-webhook'),
    id: z.uuid(),
    url: z.url({ protocol: /^https?$/ }).max(WEBHOOK_URL_MAX),
    directoryName,
    sealTo: z.record(z.string(), z.unknown()),
  }),
  z.object({ do: z.literal('remove-webhook'), id: z.uuid() }),
  z.object({ do: z.literal('show-telling') }),
  z.object({ do: z.literal('send-test'), directoryName }),
  z.object({ do: z.literal('unsubscribe'), token: z.string().max(1_000) }),
  logQuestion.extend({ do: z.literal('find-log') }),
  z.object({ do: z.literal('show-log'), id: z.uuid() }),
  z.object({
    do: z.literal('find-incidents'),
    statuses: z.array(incidentStatus),
    limit: z.number().int().min(1).max(500),
  }),
  incident.extend({ do: z.literal('show-incident') }),
  incident.extend({ do: z.literal('acknowledge-incident') }),
  incident.extend({ do: z.literal('mute-incident'), until: z.iso.datetime() }),
  incident.extend({ do: z.literal('resolve-incident') }),
]);
export type NotifierCommand = z.infer<typeof notifierCommand>;

const notifierRequest = request(notifierCommand);
export type NotifierCommandRequest = Request<NotifierCommand>;

/** Parses one message of `notifier.commands`; throws a ZodError that names the place. */
export const parseNotifierCommand = (json: unknown): NotifierCommandRequest => notifierRequest.parse(json);

export const notifierReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('addresses'), addresses: z.array(z.string()) }),
  telling.extend({ outcome: z.literal('telling') }),
  z.object({ outcome: z.literal('webhook'), id: z.uuid(), sealedSecret: z.string() }),
  z.object({ outcome: z.literal('told'), addresses: z.array(z.string()) }),
  z.object({ outcome: z.literal('log'), entries: z.array(logEntry) }),
  logDetails.extend({ outcome: z.literal('log-entry') }),
  z.object({ outcome: z.literal('incidents'), incidents: z.array(incidentSummary) }),
  incidentDetails.extend({ outcome: z.literal('incident') }),
  refused,
  hindered,
]);
export type NotifierReply = z.infer<typeof notifierReply>;
