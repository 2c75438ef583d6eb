import { groupType, userType } from '../schema/resource-types.js';
import { aim } from './aim.js';
import { canonical } from './canonical.js';
import { memberOperations } from './member-operations.js';
import type { MemberOperation, PatchOperation } from './operation.js';
import { readWrittenOperations } from './written.js';

/**
 * Reads the body of a PATCH of a user, in any of Entra's dialects, into canonical operations. Throws ScimError 400:
 * invalidSyntax, invalidPath, invalidFilter (in a value path), noTarget (a `remove` without path) or invalidValue.
 */
export function readUserPatch(body: unknown): PatchOperation[] {
  return readWrittenOperations(body)
    .flatMap((written) => aim(userType, written))
    .flatMap(canonical);
}

/**
 * Reads the body of a PATCH of a group: operations on its attributes, and operations on its members, each in their order.
 * Throws like readUserPatch.
 */
export function readGroupPatch(body: unknown): { operations: PatchOperation[]; members: MemberOperation[] } {
  const aimed = readWrittenOperations(body).flatMap((written) => aim(groupType, written));
  return {
    operations: aimed.filter(({ target }) => target.name !== 'members').flatMap(canonical),
    members: aimed.filter(({ target }) => target.name === 'members').flatMap(memberOperations),
  };
}
