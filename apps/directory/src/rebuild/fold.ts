import type { Recorded } from '#libs/contracts';
import { evolve, Touched } from '../engine/evolve.js';
import type { World } from '../engine/world.js';
import { type ReadModelChange, readModelChange } from '../store/read-model.js';

/** The events contradict one another: nothing that is made of them could be right. */
export class BrokenHistory extends Error {
  constructor({ partition, position }: Recorded, what: string) {
    super(`The event at ${partition}/${position} does not follow from those before it: ${what}.`);
    this.name = 'BrokenHistory';
  }
}

/**
 * Lets stored events take effect in a world that knows their directories and entities as they were before, by the rules by which
 * the engine did; gives what they make of the read model. Pure. Throws BrokenHistory where a version or a sequence is not the next.
 */
export function foldEvents(world: World, events: readonly Recorded[]): ReadModelChange {
  const touched = new Touched();
  for (const event of events) {
    const isFirst = event.event.type === 'DirectoryCreated';
    if (!isFirst && world.directory(event.directory) === null)
      throw new BrokenHistory(event, 'its directory is not there');
    const version = evolve(world, touched, event.directory, event.recordedAt, event);
    const directory = world.directory(event.directory);
    if (directory === null) throw new BrokenHistory(event, 'its directory is not there');
    const sequence = directory.sequence + 1;
    if (version !== event.version) {
      throw new BrokenHistory(event, `it is version ${event.version} of ${event.entityId} where ${version} would come`);
    }
    if (sequence !== event.sequence) {
      throw new BrokenHistory(event, `it is number ${event.sequence} of its directory where ${sequence} would come`);
    }
    world.learn({ of: 'directory', id: directory.id }, { ...directory, partition: event.partition, sequence });
    touched.directories.add(directory.id);
  }
  return readModelChange(world, touched, events);
}
