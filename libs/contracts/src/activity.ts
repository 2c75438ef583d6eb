import { z } from 'zod';
import { envelope, type Envelope } from './envelope.js';

/** Where OAuth clients ask for tokens. What is refused there is activity, too: without a token no request comes. */
export const TOKEN_PATH = '/oauth2/token';

/**
 * One SCIM request as the gateway saw it, refused ones too, or a request for a token that was refused: its `path` is TOKEN_PATH,
 * its `scimType` the error of RFC 6749, its `keyId` the client that it says it is of. `directory` in the envelope is null when no key said whose
 * it was. `request` is the body of a failed request without passwords and tokens, cut at 64 kB. `query` is what followed the `?`. `touched` are the
 * attributes that a PATCH was about, as the client named them: a later success of the same proves that it works again.
 */
export const activity = z.object({
  keyId: z.string().nullable(),
  method: z.string(),
  path: z.string(),
  query: z.string().optional(),
  resourceType: z.enum(['User', 'Group']).nullable(),
  target: z.string().nullable(), // the resource's id, or the userName or displayName it was asked by
  status: z.number().int(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  leftOut: z.array(z.string()).optional(),
  touched: z.array(z.string()).optional(),
  request: z.string().nullable(),
  /** Who asked, as far as the gateway can see: the address, and what the client calls itself. */
  client: z.object({ address: z.string(), userAgent: z.string().nullable() }).optional(),
  /** For how many requests of this kind the message stands, when they are told together (401, 429): this was the last. */
  count: z.number().int().min(1).optional(),
});
export type Activity = z.infer<typeof activity>;

const activityMessage = envelope(activity);

/** Parses one message of `provisioning.activity`; throws a ZodError that names the place. */
export const parseActivity = (json: unknown): Envelope<Activity> => activityMessage.parse(json);
