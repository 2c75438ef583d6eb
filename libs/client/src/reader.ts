import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { PublicEvent } from '#libs/contracts';
import { SubscriptionStopped, unreadable } from './errors.js';
import { keptOffsets } from './kept-offsets.js';
import { Lane } from './lane.js';
import { Member } from './member.js';
import type { SubscribeOptions } from './options.js';
import { readEvent } from './read-event.js';

const COMMIT_MS = 1_000;
const HEARTBEAT_MS = 1_000;
const PAUSE_MS = { first: 50, max: 5_000 };

type Settings = SubscribeOptions & Required<Pick<SubscribeOptions, 'topic' | 'failed' | 'unknownTypes'>>;

/** Reads what is assigned to it, one event at a time, and keeps the place. */
export class Reader {
  private readonly end = Promise.withResolvers<undefined>();
  private readonly first = Promise.withResolvers<undefined>();
  private readonly member: Member;
  /** Everything that touches a lane waits for its turn: kafkajs may rejoin, and fetch anew, while a handler still runs. */
  private turn: Promise<unknown> = Promise.resolve();
  private lanes = new Map<number, Lane>();
  private assignment: readonly number[] = [];
  private generation = 0;
  private settled = 0;
  private committedAt = 0;
  private isOpen = true;
  private wake: () => void = () => undefined;

  constructor(
    private readonly kafka: () => Kafka,
    private readonly settings: Settings,
  ) {
    this.member = new Member(kafka, settings.topic, settings.groupId, {
      assigned: (partitions) => {
        this.assignment = partitions;
        this.generation += 1;
        this.wake();
        void this.settle(this.generation);
      },
      batch: (payload) => {
        const { generation } = this; // as it is now, not when the turn comes
        return this.inTurn(() => this.read(payload, generation));
      },
      failed: settings.failed,
    });
  }

  get ended(): Promise<void> {
    return this.end.promise;
  }

  /** Resolves when reading has begun. */
  async start(): Promise<void> {
    try {
      await this.member.join();
      await this.first.promise;
    } catch (error) {
      this.isOpen = false;
      this.end.promise.catch(() => undefined); // the caller hears it here
      await this.member.leave();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    await this.leave();
    this.end.resolve(undefined);
  }

  private async leave(): Promise<void> {
    this.isOpen = false;
    this.wake();
    await this.inTurn(() => this.commit()).catch(this.settings.failed);
    await this.member.leave().catch(this.settings.failed);
  }

  private stop(error: SubscriptionStopped): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.first.reject(error);
    // Not awaited: kafkajs ends only when the batch has ended that this was found in.
    void this.leave().finally(() => this.end.reject(error));
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** After every join: finds out where to go on, however long that takes. */
  private async settle(generation: number): Promise<void> {
    for (let pause = PAUSE_MS.first; this.isOpen && generation === this.generation; pause *= 2) {
      try {
        await this.inTurn(() => this.settleOnce(generation));
        this.first.resolve(undefined);
        return;
      } catch (error) {
        if (error instanceof SubscriptionStopped) {
          this.stop(error);
          return;
        }
        this.settings.failed(error);
        await this.sleep(pause);
      }
    }
  }

  private async settleOnce(generation: number): Promise<void> {
    const { topic, groupId } = this.settings;
    const kept = await keptOffsets(this.kafka(), topic, groupId);
    if (generation !== this.generation) return;
    const lanes = new Map<number, Lane>();
    for (const one of kept.filter(({ partition }) => this.assignment.includes(partition))) {
      const known = this.lanes.get(one.partition);
      // What this process has dealt with but could not commit before the group changed need not come again.
      const isAhead = known !== undefined && known.next > BigInt(one.offset) && known.next <= BigInt(one.high);
      lanes.set(one.partition, isAhead ? known : Lane.open(one, this.settings));
    }
    this.lanes = lanes;
    await this.commit(); // the beginning, too: who restarts before the first event must not begin anew
    if (generation !== this.generation) return;
    this.member.go(new Map([...lanes.values()].map(({ partition, next }) => [partition, next])));
    this.settled = generation;
  }

  private async read(
    { batch, heartbeat, resolveOffset, isStale }: EachBatchPayload,
    generation: number,
  ): Promise<void> {
    const lane = this.lanes.get(batch.partition);
    const isOurs = () => this.isOpen && this.settled === this.generation && generation === this.generation;
    try {
      for (const { offset, value } of batch.messages) {
        if (lane === undefined || !isOurs() || isStale()) return;
        if (!(await this.deal(lane, offset, value, heartbeat, isOurs))) return;
        lane.reached(BigInt(offset) + 1n);
        resolveOffset(offset);
        if (Date.now() - this.committedAt > COMMIT_MS) await this.commit();
        await heartbeat();
      }
    } catch (error) {
      if (!(error instanceof SubscriptionStopped)) throw error; // kafkajs's own, which tells it to join again
      this.stop(error);
    } finally {
      // While the group changes, the broker still takes what was done before.
      if (isOurs()) await this.commit().catch(this.settings.failed);
    }
  }

  /** Deals with one record; false when it could not be, because the partition may belong to somebody else now. */
  private async deal(
    { continuity, partition }: Lane,
    offset: string,
    value: Buffer | null,
    heartbeat: () => Promise<void>,
    isOurs: () => boolean,
  ): Promise<boolean> {
    const { directory, unknownTypes } = this.settings;
    const where = `Offset ${offset} of partition ${partition}`;
    const { place, isKnown, event } = readEvent(where, value);
    if (continuity.check(place) === 'repeat') return true;
    if (directory === undefined || directory === place.directory) {
      if (!isKnown && unknownTypes === 'stop') throw unreadable(where, new Error(`its type is unknown`));
      if (isKnown && !(await this.handOver(event(), heartbeat, isOurs))) return false;
    }
    continuity.passed(place);
    return true;
  }

  private async handOver(event: PublicEvent, heartbeat: () => Promise<void>, isOurs: () => boolean): Promise<boolean> {
    // A member that is silent while its handler works would be taken for dead. What this says is heard at the next one.
    const beat = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      for (let pause = PAUSE_MS.first; isOurs(); pause = Math.min(pause * 2, PAUSE_MS.max)) {
        try {
          await this.settings.handle(event);
          return true;
        } catch (error) {
          this.settings.failed(error);
          await this.sleep(pause);
        }
      }
      return false;
    } finally {
      clearInterval(beat);
    }
  }

  private async commit(): Promise<void> {
    const offsets = [...this.lanes.values()].flatMap((lane) => lane.uncommitted() ?? []);
    if (offsets.length === 0) return;
    await this.member.commit(offsets);
    this.committedAt = Date.now();
    for (const { partition, offset } of offsets) this.lanes.get(partition)?.committed(offset);
  }

  private async sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, Math.min(ms, PAUSE_MS.max));
    });
    clearTimeout(timer);
  }
}
