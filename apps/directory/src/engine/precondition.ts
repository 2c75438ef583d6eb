import { Refusal } from '#libs/event-sourcing';
import { type ResourceType, withoutWithdrawn } from '#libs/scim';
import type { Entity } from './world.js';

/**
 * The resource that a command is about, as it is seen in its directory, or the refusals of RFC 7644 §3.12 (unknown) and §3.14
 * (stale `If-Match`).
 */
export function present(type: ResourceType, entity: Entity | null, ifMatch: readonly number[] | undefined): Entity {
  const kind = type.name.toLowerCase();
  if (entity === null) throw new Refusal('not-found', `This directory has no ${kind} with that id.`);
  if (ifMatch !== undefined && !ifMatch.includes(entity.version)) {
    throw new Refusal('conflict', `The ${kind} is at version ${entity.version}; read it again and repeat the change.`);
  }
  return { ...entity, attributes: withoutWithdrawn(type, entity.attributes) };
}
