import { z } from 'zod';
import { type Request, request } from './envelope.js';
import { logDetails, logEntry, logQuestion } from './provisioning-log.js';
import { hindered, refused } from './refusal.js';

/** What can be asked of the notifier. `set-addresses` replaces the notification addresses of the envelope's directory. */
export const notifierCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('set-addresses'), addresses: z.array(z.email()).max(20), directoryName: z.string() }),
  logQuestion.extend({ do: z.literal('find-log') }),
  z.object({ do: z.literal('show-log'), id: z.uuid() }),
]);
export type NotifierCommand = z.infer<typeof notifierCommand>;

const notifierRequest = request(notifierCommand);
export type NotifierCommandRequest = Request<NotifierCommand>;

/** Parses one message of `notifier.commands`; throws a ZodError that names the place. */
export const parseNotifierCommand = (json: unknown): NotifierCommandRequest => notifierRequest.parse(json);

export const notifierReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('addresses'), addresses: z.array(z.string()) }),
  z.object({ outcome: z.literal('log'), entries: z.array(logEntry) }),
  logDetails.extend({ outcome: z.literal('log-entry') }),
  refused,
  hindered,
]);
export type NotifierReply = z.infer<typeof notifierReply>;
