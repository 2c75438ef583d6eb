import type { FastifyReply } from 'fastify';
import type { StoredResource } from '#libs/contracts';
import { etag, project, type Projection, type Resource, type ResourceType, toResource } from '#libs/scim';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';

/** A resource as its reader asked for it. */
export const rendered = (type: ResourceType, stored: StoredResource, baseUrl: string, wanted: Projection): Resource =>
  project(type, toResource(type, stored, baseUrl), wanted);

/** Sets what every answer with one resource carries: its ETag, and for a new one its place. */
export function describe(reply: FastifyReply, stored: StoredResource, location?: string): void {
  void reply.header('etag', etag(stored.version));
  if (location !== undefined) void reply.header('location', location);
}
