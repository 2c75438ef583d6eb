import { Injectable, Logger } from '@nestjs/common';
import { publicEvent, type Recorded, topics } from '#libs/contracts';
import { ChangeLog, type ChangeWriter } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { asPublicEvent } from '../change-feed.js';
import { eventsAfter } from '../store/events.js';
import { publishDelay, unpublished } from '../directory.metrics.js';
import { FailPoints } from './fail-points.js';
import type { Owned } from './owners.js';
import { RecentEvents } from './recent-events.js';

const EVENTS_PER_TRANSACTION = 500;
const PAUSE_MS = { first: 100, max: 5_000 };
// A transaction costs the broker far more than the events in it. The first one after a rest goes at once; under load a
// partition has one in this time, with all that came meanwhile: an event is out well within 100 ms.
const BETWEEN_TRANSACTIONS_MS = 40;
// The topic's own tail says what is published; the table's note of it is for dashboards and saves a take-over the look.
const BETWEEN_NOTES_MS = 500;
// A broker that is killed can forget the mark of a commit that it has confirmed; the next commit would make up for it. So
// that nobody waits for one, a partition at rest is looked at once. Longer than the moment in which the mark is written.
const REST_BEFORE_PROOF_MS = 2_000;

interface Line {
  partition: number;
  published: number;
  /** Up to where readers have been seen to get everything. */
  proven: number;
  wanted: number;
  /** What this process has just committed, so that it need not be read back. */
  readonly recent: RecentEvents;
  writer?: ChangeWriter;
  running?: Promise<void>;
  note?: NodeJS.Timeout;
  proof?: NodeJS.Timeout;
  isDoubted: boolean;
  closed: boolean;
}

/**
 * Publishes each owned partition in position order. The table is the backlog; what was committed just now and follows on what
 * is published is not read back from it. A new writer
 * reads the tail of the topic and goes on from there; on any doubt it is closed and opened again.
 */
@Injectable()
export class Publisher {
  private readonly log = new Logger(Publisher.name);
  private lines = new Map<number, Line>();

  constructor(
    private readonly changes: ChangeLog,
    private readonly database: Database,
    private readonly failPoints: FailPoints,
  ) {
    unpublished.read(() => [...this.lines.values()].map((line) => [{ partition: line.partition }, behind(line)]));
  }

  /** Takes over these partitions and lets go of all others. */
  own(partitions: readonly Owned[]): void {
    for (const line of this.lines.values()) void this.end(line);
    this.lines = new Map(
      partitions.map(({ partition, publishedPosition, lastPosition }) => [
        partition,
        {
          partition,
          published: publishedPosition,
          proven: publishedPosition,
          wanted: lastPosition,
          recent: new RecentEvents(),
          isDoubted: false,
          closed: false,
        },
      ]),
    );
    for (const line of this.lines.values()) {
      this.proveAtRest(line);
      if (hasWork(line)) this.run(line);
    }
  }

  /** Tells that these have been committed. */
  wake(events: readonly Recorded[]): void {
    for (const event of events) {
      const line = this.lines.get(event.partition);
      if (line === undefined) continue;
      line.wanted = Math.max(line.wanted, event.position);
      line.recent.add(event);
      this.run(line);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.lines.values()].map((line) => this.end(line)));
    this.lines.clear();
  }

  private run(line: Line): void {
    line.running ??= this.publish(line).finally(() => {
      line.running = undefined;
      if (!line.closed && hasWork(line)) this.run(line);
    });
  }

  private async publish(line: Line): Promise<void> {
    let pause = PAUSE_MS.first;
    while (!line.closed && hasWork(line)) {
      try {
        line.writer ??= await this.open(line);
        if (line.published < line.wanted) await this.publishSome(line, line.writer);
        else await this.prove(line, line.writer);
        pause = PAUSE_MS.first;
      } catch (error) {
        this.log.warn(`partition ${line.partition}: publishing is put off: ${String(error)}`);
        await line.writer?.close().catch(() => undefined);
        line.writer = undefined;
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, PAUSE_MS.max);
      }
    }
  }

  private async publishSome(line: Line, writer: ChangeWriter): Promise<void> {
    const began = Date.now();
    const events =
      line.recent.after(line.published, EVENTS_PER_TRANSACTION) ??
      (await eventsAfter(this.database, line.partition, line.published, EVENTS_PER_TRANSACTION));
    const last = events.at(-1);
    if (last === undefined) {
      line.published = line.wanted;
      return;
    }
    this.failPoints.reach('before_publish');
    await writer.append(events.map((event) => ({ key: event.directory, value: JSON.stringify(asPublicEvent(event)) })));
    this.failPoints.reach('mid_publish'); // in the topic, and the table does not know yet
    publishDelay.observe({}, (Date.now() - new Date(events[0]?.recordedAt ?? began).getTime()) / 1_000);
    line.published = last.position;
    line.note ??= setTimeout(() => void this.note(line), BETWEEN_NOTES_MS);
    this.proveAtRest(line);
    const rest = began + BETWEEN_TRANSACTIONS_MS - Date.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }

  private proveAtRest(line: Line): void {
    line.proof ??= setTimeout(() => {
      line.isDoubted = true;
      this.run(line);
    }, REST_BEFORE_PROOF_MS);
    line.proof.refresh();
  }

  /** A new writer clears away what stands without a mark, and it is published again. */
  private async prove(line: Line, writer: ChangeWriter): Promise<void> {
    if (!(await writer.isWhole())) throw new Error('the broker holds events that it has not marked as committed');
    line.isDoubted = false;
    line.proven = line.published;
  }

  private async note(line: Line): Promise<void> {
    clearTimeout(line.note);
    line.note = undefined;
    await this.database
      .query(
        'published',
        'update partition_owner set published_position = $2 where partition = $1 and published_position < $2',
        [line.partition, line.published],
      )
      .catch((error: unknown) => this.log.debug(`partition ${line.partition}: no note was made: ${String(error)}`));
  }

  /** What the topic's tail holds is published, whatever the table believes; where nothing is kept, what is proven. */
  private async open(line: Line): Promise<ChangeWriter> {
    const writer = await this.changes.open(topics.directoryEvents.name, line.partition);
    const last = await writer.last();
    if (last === 'nothing yet') line.published = 0;
    else if (last === 'no longer kept') line.published = line.proven;
    else line.published = publicEvent.parse(JSON.parse(last.value)).position;
    return writer;
  }

  private async end(line: Line): Promise<void> {
    line.closed = true;
    clearTimeout(line.proof);
    await line.running;
    if (line.note !== undefined) await this.note(line);
    await line.writer?.close().catch(() => undefined);
  }
}

const behind = (line: Line) => Math.max(0, line.wanted - line.published);
const hasWork = (line: Line) => line.published < line.wanted || line.isDoubted;
