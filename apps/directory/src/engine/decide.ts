import type { CommandReply, DirectoryCommandRequest } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { builtInTypes, ScimError } from '#libs/scim';
import { decideDirectory } from '../directory/directory.decider.js';
import { decideGroup } from '../group/group.decider.js';
import { decideSchema } from '../schema/schema.decider.js';
import { decideUser } from '../user/user.decider.js';
import type { Decision, Occasion } from './decision.js';
import { NotLoaded, type World } from './world.js';

/** Decides one command in this world. Throws NotLoaded when it looked at something unknown; a "no" comes back as a reply. */
export function decide(
  { directory, data: command }: DirectoryCommandRequest,
  world: World,
  now: string,
): { decision: Decision } | { refused: CommandReply } {
  try {
    if (command.do === 'create-directory') {
      return { decision: decideDirectory(command, world, { directory, now, types: builtInTypes }) };
    }
    const known = world.directory(directory);
    if (known === null) throw new Refusal('not-found', 'There is no such directory.');
    const occasion: Occasion = { directory, now, types: known.types };
    switch (command.do) {
      case 'extend-schema':
      case 'reduce-schema':
        return { decision: decideSchema(command, known) };
      case 'create-user':
      case 'replace-user':
      case 'patch-user':
      case 'delete-user':
        return { decision: decideUser(command, world, occasion) };
      case 'create-group':
      case 'replace-group':
      case 'patch-group':
      case 'delete-group':
        return { decision: decideGroup(command, world, occasion) };
    }
  } catch (error) {
    if (error instanceof NotLoaded) throw error;
    return { refused: refusal(error) };
  }
}

function refusal(error: unknown): CommandReply {
  if (error instanceof Refusal) {
    return {
      outcome: 'refused',
      code: error.code,
      text: error.message,
      ...(error.scimType && { scimType: error.scimType }),
    };
  }
  if (error instanceof ScimError) {
    return {
      outcome: 'refused',
      code: 'invalid',
      text: error.detail,
      ...(error.scimType && { scimType: error.scimType }),
    };
  }
  throw error;
}

/** The answer to a command that was decided, with the resource as it stands afterwards. */
export function replyTo(decision: Decision, world: World, directory: string): CommandReply {
  const { subject, leftOut } = decision;
  const resource = subject === null ? null : world[subject.type](directory, subject.id);
  return { outcome: 'done', resource, ...(leftOut !== undefined && leftOut.length > 0 && { leftOut }) };
}
