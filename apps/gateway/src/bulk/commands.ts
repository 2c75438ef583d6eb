import type { DirectoryCommand } from '#libs/contracts';
import {
  type BulkOperation,
  readGroup,
  readGroupPatch,
  readUser,
  readUserPatch,
  type ResourceTypes,
  ScimError,
} from '#libs/scim';
import { resourceId } from '../resource.door.js';
import { versionsIn } from '../versions.js';

/** The command that an operation is by itself, its references resolved. Throws ScimError as the endpoint would. */
export function commandOf(
  { method, type, version, data }: BulkOperation,
  given: string,
  { User, Group }: ResourceTypes,
): DirectoryCommand {
  const id = method === 'POST' ? given : resourceId(type, given);
  const ifMatch = versionsIn(version);
  const isUser = type.name === 'User';
  switch (method) {
    case 'POST':
      return isUser
        ? { do: 'create-user', id, attributes: readUser(data, User) }
        : { do: 'create-group', id, ...readGroup(data, Group) };
    case 'PUT':
      return isUser
        ? { do: 'replace-user', id, attributes: readUser(data, User), ifMatch }
        : { do: 'replace-group', id, ...readGroup(data, Group), ifMatch };
    case 'PATCH':
      return isUser
        ? { do: 'patch-user', id, operations: readUserPatch(data, User), ifMatch }
        : { do: 'patch-group', id, ...readGroupPatch(data, Group), ifMatch };
    case 'DELETE':
      return { do: isUser ? 'delete-user' : 'delete-group', id, ifMatch };
  }
}

/** A new group without the members that come later, and what adds them then. */
export function withoutLater(
  command: DirectoryCommand,
  later: ReadonlySet<string>,
): { now: DirectoryCommand; then?: DirectoryCommand } {
  if (command.do !== 'create-group') return { now: command };
  const ids = command.members.filter((id) => later.has(id));
  if (ids.length === 0) return { now: command };
  const members = command.members.filter((id) => !later.has(id));
  const then: DirectoryCommand = { do: 'patch-group', id: command.id, operations: [], members: [{ do: 'add', ids }] };
  return { now: { ...command, members }, then };
}

/** RFC 7644 §3.7.1 and §3.7.2: what refers to nothing, or to something that failed, is a conflict. */
export const unresolved = (bulkId: string) =>
  new ScimError(409, undefined, `The bulkId ${JSON.stringify(bulkId.slice(0, 80))} stands for no resource.`);
