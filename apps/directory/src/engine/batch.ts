import { randomUUID } from 'node:crypto';
import type { CommandReply, DirectoryCommandRequest, Recorded } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { newestVersion } from '../store/upcast/upcast.js';
import { upcasters } from '../store/upcast/upcasters.js';
import { decide, replyTo } from './decide.js';
import { evolve, Touched } from './evolve.js';
import { hints } from './hints.js';
import { load } from './load.js';
import { type KnownDirectory, NotLoaded, World } from './world.js';

// A decision that still misses something after this many loads is a bug, not a slow one.
const LOADS_MAX = 8;

/** A command with its place in the log. */
export interface Placed {
  partition: number;
  offset: bigint;
  request: DirectoryCommandRequest;
  /** Those of the message, with the trace that it belongs to. */
  headers?: Record<string, string>;
}

export interface Answer {
  request: DirectoryCommandRequest;
  reply: CommandReply;
}

/** All that one batch came to: what to commit, and what to answer when it is committed. */
export interface Decided {
  world: World;
  touched: Touched;
  events: Recorded[];
  answers: Answer[];
  now: string;
}

/**
 * Decides commands one after another, later ones seeing earlier ones. `lastPositions` is where each partition's order
 * stands and `directories` what is known of them already; neither is changed. A command that makes a decider throw something else than a refusal is answered as hindered
 * and told to `broken`; it changes nothing.
 */
export async function decideBatch(
  database: Database,
  commands: readonly Placed[],
  lastPositions: ReadonlyMap<number, number>,
  directories: ReadonlyMap<string, KnownDirectory>,
  now: string,
  broken: (request: DirectoryCommandRequest, error: unknown) => void,
): Promise<Decided> {
  const world = new World();
  const touched = new Touched();
  const events: Recorded[] = [];
  const answers: Answer[] = [];
  const positions = new Map(lastPositions);
  for (const { request } of commands) {
    const directory = directories.get(request.directory);
    if (directory !== undefined) world.learn({ of: 'directory', id: directory.id }, directory);
  }
  await load(
    database,
    world,
    commands.flatMap(({ request }) => hints(request)),
  );

  for (const { partition, request } of commands) {
    let outcome: ReturnType<typeof decide>;
    try {
      outcome = await decideLoading(database, world, request, now);
    } catch (error) {
      broken(request, error);
      answers.push({
        request,
        reply: { outcome: 'hindered', text: 'The directory could not carry this out; it was logged.' },
      });
      continue;
    }
    if ('refused' in outcome) {
      answers.push({ request, reply: outcome.refused });
      continue;
    }
    for (const decided of outcome.decision.events) {
      const version = evolve(world, touched, request.directory, now, decided);
      const directory = world.directory(request.directory);
      if (directory === null) throw new Error('an event of a directory that does not exist');
      const sequence = directory.sequence + 1;
      world.learn({ of: 'directory', id: directory.id }, { ...directory, partition, sequence });
      touched.directories.add(directory.id);
      const position = (positions.get(partition) ?? 0) + 1;
      positions.set(partition, position);
      events.push({
        id: randomUUID(),
        partition,
        position,
        directory: request.directory,
        sequence,
        entityType: decided.entityType,
        entityId: decided.entityId,
        version,
        schemaVersion: newestVersion(upcasters, decided.event.type),
        recordedAt: now,
        commandId: request.id,
        correlationId: request.correlationId,
        actor: request.actor,
        event: decided.event,
      });
    }
    answers.push({ request, reply: replyTo(outcome.decision, world, request.directory) });
  }
  return { world, touched, events, answers, now };
}

async function decideLoading(database: Database, world: World, request: DirectoryCommandRequest, now: string) {
  for (let loads = 0; ; loads++) {
    try {
      return decide(request, world, now);
    } catch (error) {
      if (!(error instanceof NotLoaded) || loads === LOADS_MAX) throw error;
      await load(database, world, error.needs);
    }
  }
}
