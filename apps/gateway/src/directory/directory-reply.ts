import { z } from 'zod';
import { commandReply, hindered, refused, type StoredResource } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { Hindrance } from '#libs/messaging';

export interface Done {
  resource: StoredResource | null;
  leftOut?: string[];
}

export interface Found {
  outcome: 'resource';
  resource: StoredResource;
}

export interface Listed {
  outcome: 'list';
  total: number;
  resources: StoredResource[];
}

// The contract's own schema looks into each resource, which for a page of a thousand costs more than all the rest.
const resource = z.custom<StoredResource>(
  (value) => typeof value === 'object' && value !== null && 'attributes' in value,
);
const queryReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('resource'), resource }),
  z.object({
    outcome: z.literal('list'),
    total: z.number().int(),
    resources: z.custom<StoredResource[]>(Array.isArray),
  }),
  refused,
  hindered,
]);

/** Reads the answer to a command; throws a Refusal or a Hindrance if it is one. */
export function readCommandReply(value: string): Done {
  const reply = commandReply.parse(JSON.parse(value));
  return reply.outcome === 'done' ? reply : fail(reply);
}

/** Reads the answer to a query; throws a Refusal or a Hindrance if it is one. */
export function readQueryReply(value: string): Found | Listed {
  const reply = queryReply.parse(JSON.parse(value));
  return reply.outcome === 'refused' || reply.outcome === 'hindered' ? fail(reply) : reply;
}

function fail(reply: z.infer<typeof refused> | z.infer<typeof hindered>): never {
  if (reply.outcome === 'hindered') throw new Hindrance(reply.text);
  throw new Refusal(reply.code, reply.text, reply.scimType);
}
