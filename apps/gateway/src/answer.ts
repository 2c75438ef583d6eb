import type { FastifyReply } from 'fastify';
import { PackedMembers, type StoredResource } from '#libs/contracts';
import {
  etag,
  project,
  type Projection,
  referenceForm,
  type Resource,
  resourceFrame,
  resourceText,
  type ResourceType,
  toResource,
  type View,
} from '#libs/scim';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';

/** Up to so many groups or members are shown in one piece. */
const RELATED_IN_ONE_PIECE_MAX = 1_000;
/** What a group of a user takes beside its name. */
const BYTES_A_GROUP = 150;

type Groups = Required<StoredResource>['groups'];

/** A resource as it came, and what belongs to it, of which there may be very much. */
export interface Whole {
  stored: Omit<StoredResource, 'members' | 'groups'>;
  members?: PackedMembers;
  groups?: Groups;
}

/** Resources of one answer, with the members that came along with them. */
export function wholes(resources: readonly StoredResource[], bytes: Uint8Array = new Uint8Array(0)): Whole[] {
  const sizes = resources.map(({ members = 0 }) => members);
  const packed = PackedMembers.split(bytes, sizes);
  return resources.map(({ members, groups, ...stored }, at) => ({
    stored,
    groups,
    members: members === undefined ? undefined : packed[at],
  }));
}

/** Whether all of this is too much to be shown in one piece. */
export function isLarge(all: readonly Whole[]): boolean {
  const related = all.reduce((sum, { members, groups }) => sum + (members?.size ?? 0) + (groups?.length ?? 0), 0);
  return related > RELATED_IN_ONE_PIECE_MAX;
}

/** What a resource keeps in memory while it is being read. */
export function heldBytes({ members, groups = [] }: Whole): number {
  return groups.reduce((sum, { display }) => sum + BYTES_A_GROUP + display.length, members?.bytes.length ?? 0);
}

/** A resource as its reader asked for it, in one piece. */
export function rendered(
  type: ResourceType,
  { stored, members, groups }: Whole,
  baseUrl: string,
  wanted: Projection,
): Resource {
  const whole = { ...stored, groups, ...(members !== undefined && { members: [...members] }) };
  return project(type, toResource(type, whole, baseUrl), wanted);
}

/** A resource as its reader asked for it, as JSON and piece by piece: letter for letter what it is in one. */
export function* written(
  type: ResourceType,
  whole: Whole,
  baseUrl: string,
  wanted: Projection,
): Generator<string | Uint8Array> {
  const { stored, members, groups } = whole;
  if (groups !== undefined) yield* resourceText({ type, name: 'groups', baseUrl, wanted }, stored, groups);
  else if (members !== undefined) yield* withMembers({ type, name: 'members', baseUrl, wanted }, stored, members);
  else yield JSON.stringify(rendered(type, whole, baseUrl, wanted));
}

function* withMembers(view: View, stored: Whole['stored'], members: PackedMembers): Generator<string | Uint8Array> {
  // A projection leaves something of all members or of none: they have the same attributes.
  const [sample] = members;
  const isShown = sample !== undefined && referenceForm(view, sample.type) !== undefined;
  const { before, after } = resourceFrame(view, stored, isShown ? sample : undefined);
  yield before;
  if (isShown) yield* members.written((type) => referenceForm(view, type));
  yield after;
}

/** Sets what every answer about one resource carries: its ETag. */
export function describe(reply: FastifyReply, { version }: { version: number }): void {
  void reply.header('etag', etag(version));
}

/** Sets what an answer carries that shows a resource: its place, as in its meta (RFC 7643 §3.1); for a new one in `Location` too. */
export function locate(reply: FastifyReply, location: string, isNew = false): void {
  void reply.header('content-location', location);
  if (isNew) void reply.header('location', location);
}
