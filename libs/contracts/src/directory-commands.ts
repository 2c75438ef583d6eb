import { z } from 'zod';
import type { Attributes, MemberOperation, PatchOperation } from '#libs/scim';
import { type Request, request } from './envelope.js';
import { hindered, refused } from './refusal.js';

// The shapes of attributes and operations belong to libs/scim, which has already checked them at the gateway's door;
// here it is enough to know that they are objects and lists.
const attributes = z.custom<Attributes>((value) => typeof value === 'object' && value !== null);
const operations = z.custom<PatchOperation[]>((value) => Array.isArray(value));
const memberOperations = z.custom<MemberOperation[]>((value) => Array.isArray(value));
const id = z.uuid();
const members = z.array(z.string());
/** Versions of which the resource must have one (`If-Match`); absent means any. */
const ifMatch = z.array(z.number().int()).optional();

const simpleType = z.enum(['string', 'boolean', 'integer', 'decimal', 'dateTime', 'reference']);

/** An attribute that a directory is to have of its own (RFC 7643 §2.2). What is left out has the RFC's default. */
const ownAttribute = z.object({
  name: z.string(),
  type: z.enum([...simpleType.options, 'complex']),
  multiValued: z.boolean().optional(),
  caseExact: z.boolean().optional(),
  description: z.string().optional(),
  canonicalValues: z.array(z.string()).optional(),
  /** Those of a complex attribute. */
  subAttributes: z.array(z.object({ name: z.string(), type: simpleType })).optional(),
});
export type OwnAttribute = z.infer<typeof ownAttribute>;

/** Everything that can be asked of a directory that changes it, in canonical form: no dialect, no HTTP. */
export const directoryCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('create-directory'), name: z.string() }),
  z.object({
    do: z.literal('extend-schema'),
    urn: z.string(),
    resourceType: z.enum(['User', 'Group']),
    attribute: ownAttribute,
  }),
  z.object({ do: z.literal('reduce-schema'), urn: z.string(), attribute: z.string() }),
  z.object({ do: z.literal('create-user'), id, attributes }),
  z.object({ do: z.literal('replace-user'), id, attributes, ifMatch }),
  z.object({ do: z.literal('patch-user'), id, operations, ifMatch }),
  z.object({ do: z.literal('delete-user'), id, ifMatch }),
  z.object({ do: z.literal('create-group'), id, attributes, members }),
  z.object({ do: z.literal('replace-group'), id, attributes, members, ifMatch }),
  z.object({ do: z.literal('patch-group'), id, operations, members: memberOperations, ifMatch }),
  z.object({ do: z.literal('delete-group'), id, ifMatch }),
]);
export type DirectoryCommand = z.infer<typeof directoryCommand>;

const commandRequest = request(directoryCommand).extend({ directory: z.uuid() });
export type DirectoryCommandRequest = Request<DirectoryCommand> & { directory: string };

/** Parses one message of `directory.commands`; throws a ZodError that names the place. */
export const parseDirectoryCommand = (json: unknown): DirectoryCommandRequest => commandRequest.parse(json);

/**
 * A user or group as the directory keeps it. Times are ISO 8601 in UTC; `version` is the ETag. `members` is how many members
 * the group had at this version: themselves they are in the bytes of the answer, packed (see packed-members.ts).
 */
export const storedResource = z.object({
  id: z.uuid(),
  attributes,
  version: z.number().int(),
  created: z.string(),
  lastModified: z.string(),
  groups: z.array(z.object({ value: z.string(), display: z.string() })).optional(),
  members: z.number().int().optional(),
});
export type StoredResource = z.infer<typeof storedResource>;

/**
 * The answer to a command. `leftOut` names member ids that no user or group of the directory has.
 * `members` of a group are not repeated in it: they may be many, and the asker can query them.
 */
export const commandReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('done'),
    resource: storedResource.nullable(),
    leftOut: z.array(z.string()).optional(),
  }),
  refused,
  hindered,
]);
export type CommandReply = z.infer<typeof commandReply>;
