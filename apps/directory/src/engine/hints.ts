import type { DirectoryCommandRequest } from '#libs/contracts';
import { foldKey } from '#libs/scim';
import type { Need } from './world.js';
import { nameIn } from './name.js';

/** What a command will surely look at: loaded for the whole batch at once. What is missing here is loaded when asked for. */
export function hints({ directory, data: command }: DirectoryCommandRequest): Need[] {
  const needs: Need[] = [{ of: 'directory', id: directory }];
  switch (command.do) {
    case 'create-directory':
    case 'extend-schema':
    case 'reduce-schema':
      return needs;
    case 'create-user':
      return [...needs, { of: 'userName', directory, key: foldKey(nameIn(command.attributes, 'userName')) }];
    case 'replace-user':
    case 'patch-user':
      return [...needs, { of: 'user', directory, id: command.id }];
    case 'delete-user':
      return [...needs, { of: 'user', directory, id: command.id }, { of: 'groupsOf', member: command.id }];
    case 'create-group': {
      const name: Need = { of: 'groupName', directory, key: foldKey(nameIn(command.attributes, 'displayName')) };
      return [...needs, name, ...memberHints(directory, command.id, command.members)];
    }
    case 'replace-group': {
      const group: Need[] = [
        { of: 'group', directory, id: command.id },
        { of: 'members', group: command.id },
      ];
      return [...needs, ...group, ...memberHints(directory, command.id, command.members)];
    }
    case 'patch-group': {
      const ids = command.members.flatMap((operation) => ('ids' in operation ? operation.ids : []));
      // All members are read before the first decision of the batch, or what it decides until then would be missing.
      const isWhole = command.members.some((operation) => operation.do === 'clear' || operation.do === 'replace');
      const members: Need[] = isWhole ? [{ of: 'members', group: command.id }] : [];
      const group: Need = { of: 'group', directory, id: command.id };
      return [...needs, group, ...members, ...memberHints(directory, command.id, ids)];
    }
    case 'delete-group':
      return [...needs, { of: 'group', directory, id: command.id }, { of: 'groupsOf', member: command.id }];
  }
}

const memberHints = (directory: string, group: string, ids: readonly string[]): Need[] =>
  ids.flatMap((id): Need[] => [
    { of: 'user', directory, id },
    { of: 'group', directory, id },
    { of: 'membership', group, member: id },
  ]);
