import type { PublicEvent } from '#libs/contracts';
import { gap } from './errors.js';

/** Where an event stands. */
export type Place = Pick<PublicEvent, 'id' | 'partition' | 'position' | 'directory' | 'sequence'>;

/** How far a partition has been read; what a bookmark keeps. */
export interface Progress {
  /** Of the last event: 0 when the first there ever was must come next, null when any may. */
  position: number | null;
  id?: string;
  /** Of the one directory that is followed, if it is one. */
  sequence?: number;
}

/** So many of the last events are known again when they repeat; the writer appends at most 500 at once. */
export const REMEMBERED_MAX = 1_000;
const DIRECTORIES_MAX = 10_000;

/**
 * Proves for one partition that nothing is missing: positions are dense, and so are the sequences of each directory. A
 * place that was passed already is a repeat only when the same event stands there: after a restore of the server from a
 * backup, other events may.
 */
export class Continuity {
  private position: number | null;
  private readonly passedIds = new Map<number, string>();
  private readonly sequences = new Map<string, number>();

  constructor(
    from: Progress,
    /** The one directory that is followed; undefined is all. */
    private readonly only?: string,
  ) {
    this.position = from.position;
    if (from.position !== null && from.id !== undefined) this.passedIds.set(from.position, from.id);
    if (only !== undefined && from.sequence !== undefined) this.sequences.set(only, from.sequence);
  }

  /** Says whether this event comes next or came before; throws when neither is so. */
  check(place: Place): 'next' | 'repeat' {
    const { id, position, directory, sequence } = place;
    if (this.position !== null && position <= this.position) {
      if (this.passedIds.get(position) === id) return 'repeat';
      throw gap(`position ${this.position + 1}`, `${told(place)}, which is not the event that stood there before`);
    }
    if (this.position !== null && position !== this.position + 1) {
      throw gap(`position ${this.position + 1}`, `${told(place)}: ${position - this.position - 1} are missing`);
    }
    const last = this.sequences.get(directory);
    if (this.counts(directory) && last !== undefined && sequence !== last + 1) {
      throw gap(`sequence ${last + 1} of directory ${directory}`, told(place));
    }
    return 'next';
  }

  /** Notes that this event has been dealt with; only an event that `check` calls next may be passed. */
  passed({ id, position, directory, sequence }: Place): void {
    this.position = position;
    this.passedIds.set(position, id);
    if (this.passedIds.size > REMEMBERED_MAX) forgetOldest(this.passedIds);
    if (!this.counts(directory)) return;
    this.sequences.delete(directory); // so that the oldest entry is the one longest unheard of
    this.sequences.set(directory, sequence);
    if (this.sequences.size > DIRECTORIES_MAX) forgetOldest(this.sequences);
  }

  progress(): Progress {
    const { position, only } = this;
    const id = position === null ? undefined : this.passedIds.get(position);
    const sequence = only === undefined ? undefined : this.sequences.get(only);
    return { position, ...(id !== undefined && { id }), ...(sequence !== undefined && { sequence }) };
  }

  private counts(directory: string): boolean {
    return this.only === undefined || this.only === directory;
  }
}

/** Where a group begins: with the first event there ever was of what it follows, or with whatever comes next. */
export function beginning(from: 'earliest' | 'latest', only?: string): Progress {
  if (from === 'latest') return { position: null };
  // What other directories did before may be kept no longer, and need not be.
  return only === undefined ? { position: 0 } : { position: null, sequence: 0 };
}

const told = ({ id, partition, position, directory, sequence }: Place) =>
  `position ${position} of partition ${partition} (event ${id}, sequence ${sequence} of directory ${directory})`;

function forgetOldest<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
