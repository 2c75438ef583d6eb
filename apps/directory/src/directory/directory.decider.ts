import type { DirectoryCommand } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import type { Decision, Occasion } from '../engine/decision.js';
import type { World } from '../engine/world.js';

type DirectoryOnly = Extract<DirectoryCommand, { do: 'create-directory' }>;

const NAME_MAX = 200;

/** Creates a directory under the id that the asker chose; asked twice, nothing happens. */
export function decideDirectory(command: DirectoryOnly, world: World, { directory }: Occasion): Decision {
  const name = command.name.trim();
  if (name === '' || name.length > NAME_MAX) {
    throw new Refusal('invalid', `A directory's name has 1 to ${NAME_MAX} characters.`);
  }
  const known = world.directory(directory);
  if (known?.name === name) return { events: [], subject: null };
  if (known !== null) throw new Refusal('already-exists', 'This directory id is taken.');
  const event = { type: 'DirectoryCreated', data: { name } } as const;
  return { events: [{ entityType: 'directory', entityId: directory, event }], subject: null };
}
