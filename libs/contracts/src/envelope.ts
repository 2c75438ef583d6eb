import { z } from 'zod';

/** Who caused something: a directory key, an operator at the command line, or Roster itself. */
export const actor = z.object({
  kind: z.enum(['key', 'operator', 'system']),
  id: z.string(),
});
export type Actor = z.infer<typeof actor>;

/**
 * What travels around every message: its own id, what it is, when it was said, by whom, and what it belongs to.
 * `correlationId` is the id of the request from outside that started it all; `causationId` the message before this one.
 */
export const envelope = <Data extends z.ZodType>(data: Data) =>
  z.object({
    id: z.uuid(),
    type: z.string(),
    schemaVersion: z.literal(1),
    time: z.iso.datetime(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    actor,
    directory: z.uuid().nullable(),
    data,
  });

/** A message that wants an answer: where to, and until when anybody is still waiting for it. */
export const request = <Data extends z.ZodType>(data: Data) =>
  envelope(data).extend({ replyTo: z.string(), deadline: z.iso.datetime() });

export interface Envelope<Data = unknown> {
  id: string;
  type: string;
  schemaVersion: 1;
  time: string;
  correlationId: string;
  causationId: string | null;
  actor: Actor;
  directory: string | null;
  data: Data;
}

export interface Request<Data = unknown> extends Envelope<Data> {
  replyTo: string;
  deadline: string;
}
