import { isMembers } from '../body/members.js';
import { groupType, userType } from '../schema/resource-types.js';
import { aim } from './aim.js';
import { canonical } from './canonical.js';
import { memberOperations } from './member-operations.js';
import type { MemberOperation, PatchOperation } from './operation.js';
import { readWrittenOperations } from './written.js';

/**
 * Reads the body of a PATCH of a user, in any of Entra's dialects, into canonical operations. The type is that of the
 * directory, with its own extensions. Throws ScimError 400:
 * invalidSyntax, invalidPath, invalidFilter (in a value path), noTarget (a `remove` without path) or invalidValue.
 */
export function readUserPatch(body: unknown, type = userType): PatchOperation[] {
  return readWrittenOperations(body)
    .flatMap((written) => aim(type, written))
    .flatMap(canonical);
}

/**
 * Reads the body of a PATCH of a group: operations on its attributes, and operations on its members, each in their order.
 * Throws like readUserPatch.
 */
export function readGroupPatch(
  body: unknown,
  type = groupType,
): { operations: PatchOperation[]; members: MemberOperation[] } {
  const aimed = readWrittenOperations(body).flatMap((written) => aim(type, written));
  return {
    operations: aimed.filter(({ target }) => !isMembers(target)).flatMap(canonical),
    members: aimed.filter(({ target }) => isMembers(target)).flatMap(memberOperations),
  };
}
