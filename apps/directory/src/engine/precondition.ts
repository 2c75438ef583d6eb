import { Refusal } from '#libs/event-sourcing';
import type { Entity } from './world.js';

/** The resource that a command is about, or the refusals of RFC 7644 §3.12 (unknown) and §3.14 (stale `If-Match`). */
export function present(kind: 'user' | 'group', entity: Entity | null, ifMatch: readonly number[] | undefined): Entity {
  if (entity === null) throw new Refusal('not-found', `This directory has no ${kind} with that id.`);
  if (ifMatch !== undefined && !ifMatch.includes(entity.version)) {
    throw new Refusal('conflict', `The ${kind} is at version ${entity.version}; read it again and repeat the change.`);
  }
  return entity;
}
