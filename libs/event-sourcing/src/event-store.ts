/** Streams of events with optimistic concurrency: what a decider without a batch engine stands on. */
export abstract class EventStore {
  /** All events of a stream, oldest first, and the version of the last one (0 when there is none). */
  abstract read<Event>(stream: string): Promise<{ events: Event[]; version: number }>;

  /**
   * Appends after `expectedVersion` and gives the new version.
   * Throws VersionConflict when somebody else was quicker; then nothing is appended.
   */
  abstract append<Event>(stream: string, expectedVersion: number, events: readonly Event[]): Promise<number>;
}

/** Somebody else appended first. Load, decide and append again. */
export class VersionConflict extends Error {
  constructor(stream: string) {
    super(`stream ${stream} has moved on`);
    this.name = 'VersionConflict';
  }
}
