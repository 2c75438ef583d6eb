import type { Json } from '../json.js';
import type { ResourceType } from '../schema/attribute.js';
import type { Attributes, Resource } from './resource.js';
import { withoutWithdrawn } from './withdrawn.js';

/** A group of a user, or a member of a group. */
export interface Reference {
  value: string;
  type?: string;
  display?: string;
}

/** A resource as the directory keeps it. */
export interface Stored {
  id: string;
  attributes: Attributes;
  version: number;
  created: string;
  lastModified: string;
  /** The groups of a user. Left out of the resource when not given. */
  groups?: readonly Reference[];
  /** The members of a group. Left out of the resource when not given. */
  members?: readonly Reference[];
}

/**
 * Gives the resource that a client sees (RFC 7643 §3), in the order of the RFC: the extension's URN is in `schemas` only if it
 * has values, a manager is an object always, `version` is the weak ETag. `baseUrl` has no slash at its end.
 */
export function toResource(type: ResourceType, stored: Stored, baseUrl: string): Resource {
  const { id, version, created, lastModified } = stored;
  const attributes = withoutWithdrawn(type, stored.attributes);
  const extensions = type.extensions.map((extension) => extension.id).filter((urn) => attributes[urn] !== undefined);
  const resource: Resource = { schemas: [type.schema.id, ...extensions], id };
  const references = { groups: stored.groups, members: stored.members };
  const names = ['externalId', ...Object.keys(type.schema.attributes), ...extensions];
  for (const name of names) {
    const listed = name === 'groups' || name === 'members' ? references[name] : undefined;
    const value = listed?.map((each) => toReference(name, each, baseUrl)) ?? attributes[name];
    if (value !== undefined) resource[name] = value;
  }
  resource.meta = {
    resourceType: type.name,
    created,
    lastModified,
    location: `${baseUrl}${type.endpoint}/${id}`,
    version: etag(version),
  };
  return resource;
}

/** The ETag of a version (RFC 7644 §3.14): weak, because two answers of one version may differ in their attributes. */
export function etag(version: number): string {
  return `W/"${version}"`;
}

/** One entry of `groups` or `members` as a client sees it. */
export function toReference(name: string, { value, type, display }: Reference, baseUrl: string): Json {
  const isGroup = name === 'groups' || type === 'Group';
  return {
    value,
    $ref: `${baseUrl}${isGroup ? '/Groups' : '/Users'}/${value}`,
    ...(display !== undefined && { display }),
    type: type ?? (name === 'groups' ? 'direct' : 'User'),
  };
}
