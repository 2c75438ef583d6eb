import { z } from 'zod';
import type { Extension, Filter } from '#libs/scim';
import { commandReply, storedResource } from './directory-commands.js';
import { type Request, request } from './envelope.js';
import { rebuildQuery, rebuildReport } from './rebuild.js';
import { hindered, refused } from './refusal.js';

const filter = z.custom<Filter>((value) => typeof value === 'object' && value !== null).nullable();

/** A place in a list that does not move when others come and go: the sort key of a row, as text, and its id. */
const place = z.object({ key: z.string().nullable(), id: z.uuid() });
export type Place = z.infer<typeof place>;

/**
 * `after` is there when paging by cursor: null for the first page. `startIndex` then says nothing. `schemaVersion` is that
 * of the directory's own schema by which the asker knows the names in the question; whoever answers knows it or a later one.
 * `isContinued` marks what is asked for because an earlier answer was cut short: nobody needs the total of it again.
 */
const page = {
  schemaVersion: z.number().int().min(1).optional(),
  startIndex: z.number().int().min(1),
  count: z.number().int().min(0),
  sort: z.object({ by: z.string(), isDescending: z.boolean() }).optional(),
  after: place.nullable().optional(),
  isContinued: z.boolean().optional(),
};

/** Everything that can be asked of a directory that changes nothing. */
export const directoryQuery = z.discriminatedUnion('find', [
  z.object({ find: z.literal('user'), id: z.string(), withGroups: z.boolean() }),
  z.object({ find: z.literal('group'), id: z.string(), withMembers: z.boolean() }),
  z.object({ find: z.literal('users'), filter, ...page, withGroups: z.boolean() }),
  z.object({ find: z.literal('groups'), filter, ...page, withMembers: z.boolean() }),
  z.object({ find: z.literal('answer'), command: z.uuid() }),
  z.object({ find: z.literal('all'), filter, ...page, withGroups: z.boolean(), withMembers: z.boolean() }),
  z.object({ find: z.literal('directories') }),
  z.object({ find: z.literal('extensions') }),
  rebuildQuery,
  z.object({ find: z.literal('changes'), after: z.number().int().min(0), limit: z.number().int().min(1) }),
]);
export type DirectoryQuery = z.infer<typeof directoryQuery>;

const queryRequest = request(directoryQuery);
export type DirectoryQueryRequest = Request<DirectoryQuery>;

/** Parses one message of `directory.queries`; throws a ZodError that names the place. */
export const parseDirectoryQuery = (json: unknown): DirectoryQueryRequest => queryRequest.parse(json);

export const directorySummary = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.string(),
  sequence: z.number(),
});
export type DirectorySummary = z.infer<typeof directorySummary>;

const extensions = z.custom<Extension[]>((value) => Array.isArray(value));

/** One of a list; `type` tells users from groups where both were asked for. */
const listed = storedResource.extend({ type: z.enum(['User', 'Group']) });
export type ListedResource = z.infer<typeof listed>;

/**
 * `next` is where the following page begins, when paging by cursor and there is one. It is there too when there are fewer
 * resources than were asked for because what belongs to them is much (groups of users, members of groups): the rest of the
 * page begins there. There is always at least one resource, if there is any at all.
 */
const list = z.object({
  outcome: z.literal('list'),
  total: z.number().int(),
  resources: z.array(listed),
  next: place.optional(),
});

/** `changes` are public events (see public-events.ts), oldest first; `answer` is null while there is none. */
export const queryReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('resource'), resource: storedResource }),
  list,
  z.object({ outcome: z.literal('answer'), answer: commandReply.nullable() }),
  z.object({ outcome: z.literal('directories'), directories: z.array(directorySummary) }),
  z.object({ outcome: z.literal('extensions'), extensions }),
  z.object({ outcome: z.literal('rebuild'), rebuild: rebuildReport }),
  z.object({ outcome: z.literal('changes'), changes: z.array(z.record(z.string(), z.unknown())) }),
  refused,
  hindered,
]);
export type QueryReply = z.infer<typeof queryReply>;

/** An answer with the packed members of the groups in it, group after group, where they were asked for. */
export type WithBytes<Reply> = Reply & { bytes?: Uint8Array };
