import type { FastifyReply } from 'fastify';
import type { StoredResource } from '#libs/contracts';
import { etag, project, type Projection, type Resource, type ResourceType, toResource } from '#libs/scim';

/** How a client wants its answer. */
export interface Wanted {
  type: ResourceType;
  baseUrl: string;
  projection: Projection;
}

/** The resource as the answer's body, with its version in the header. */
export function represent(
  reply: FastifyReply,
  stored: StoredResource,
  { type, baseUrl, projection }: Wanted,
): Resource {
  reply.header('etag', etag(stored.version));
  return project(type, toResource(type, stored, baseUrl), projection);
}

/** The same for one that was created now: where it is from now on. */
export function representNew(reply: FastifyReply, stored: StoredResource, wanted: Wanted): Resource {
  reply.header('location', `${wanted.baseUrl}${wanted.type.endpoint}/${stored.id}`);
  return represent(reply, stored, wanted);
}

/** Whether `groups` or `members` are wanted at all: the directory need not look up what would be left out again. */
export function wants(type: ResourceType, name: 'groups' | 'members', projection: Projection): boolean {
  const sample: Resource = { [name]: [{ value: '', $ref: '', display: '', type: '' }] };
  return project(type, sample, projection)[name] !== undefined;
}

/** The resource that a change must have left. */
export function left(resource: StoredResource | null): StoredResource {
  if (resource === null) throw new Error('the directory answered a change without the resource');
  return resource;
}
