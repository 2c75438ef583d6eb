import { readBookmark, writeBookmark } from './bookmark.js';
import { beginning, Continuity } from './continuity.js';
import { foreignGroup } from './errors.js';

/** What Kafka says of a partition: the oldest offset and the next one, and what the group has committed (-1: nothing). */
export interface Kept {
  partition: number;
  low: string;
  high: string;
  offset: string;
  metadata: string | null;
}

export type Begin = { groupId: string; from: 'earliest' | 'latest'; directory?: string };

/** One partition on its way: what must come next, and which offset that is expected at. */
export class Lane {
  private isCommitted: boolean;

  private constructor(
    readonly partition: number,
    readonly continuity: Continuity,
    public next: bigint,
    isNew: boolean,
    private readonly directory?: string,
  ) {
    this.isCommitted = !isNew;
  }

  /** Goes on where the group has committed, or begins. Throws when the group belongs to somebody else. */
  static open({ partition, low, high, offset, metadata }: Kept, { groupId, from, directory }: Begin): Lane {
    if (Number(offset) < 0) {
      const start = BigInt(from === 'latest' ? high : low);
      return new Lane(partition, new Continuity(beginning(from, directory), directory), start, true, directory);
    }
    const progress = readBookmark(metadata, directory);
    if (progress === undefined) throw foreignGroup(groupId, 'was begun by another program or for another directory');
    // What is kept no longer, or belongs to a topic that was made anew: the position of the next event tells.
    const isThere = BigInt(offset) >= BigInt(low) && BigInt(offset) <= BigInt(high);
    const next = BigInt(isThere ? offset : low);
    return new Lane(partition, new Continuity(progress, directory), next, false, directory);
  }

  /** Notes that everything below this offset has been dealt with. */
  reached(next: bigint): void {
    this.next = next;
    this.isCommitted = false;
  }

  /** What to commit, if that is not committed yet. */
  uncommitted(): { partition: number; offset: string; metadata: string } | undefined {
    if (this.isCommitted) return undefined;
    const metadata = writeBookmark(this.continuity.progress(), this.directory);
    return { partition: this.partition, offset: String(this.next), metadata };
  }

  committed(offset: string): void {
    if (offset === String(this.next)) this.isCommitted = true;
  }
}
