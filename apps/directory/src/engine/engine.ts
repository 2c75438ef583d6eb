import { Injectable, Logger } from '@nestjs/common';
import { type DirectoryCommandRequest, parseDirectoryCommand, topics } from '#libs/contracts';
import { CommandLog, ReplyChannel, type Received, type Subscription } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { type Answer, type Decided, decideBatch, type Placed } from './batch.js';
import { commit, Fenced, type OwnerStep } from './commit.js';
import { batchesPutOff, commandsAnswered, partitionsOwned } from '../directory.metrics.js';
import { forgetTypes } from '../schema/schema.queries.js';
import { SchemaStates } from '../schema/schema-states.js';
import { refuseUnknownForms } from '../store/forms.js';
import { FailPoints } from './fail-points.js';
import { claim, type Owned, outcomeOf } from './owners.js';
import { Publisher } from './publisher.js';
import { storedAnswers } from './results.js';
import { BatchWatch } from './watch.js';
import type { KnownDirectory } from './world.js';

const GROUP = 'directory.commands';
const ANSWER_KEY = 'command_result_pkey';
const NONE: ReadonlyMap<string, Answer['reply']> = new Map();
const DIRECTORIES_MAX = 10_000;

/**
 * The loop of design.md 3: whatever has queued up in all partitions that this process owns is decided and committed in one
 * statement, then answered, then published. It knows nothing of users or groups.
 */
@Injectable()
export class Engine {
  private readonly log = new Logger(Engine.name);
  private owned = new Map<number, Owned>();
  private readonly directories = new Map<string, KnownDirectory>();
  private subscription: Subscription | undefined;
  private readonly sending = new Set<Promise<void>>();
  private trouble: string | undefined = 'has claimed nothing yet';

  constructor(
    private readonly commands: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly clock: Clock,
    private readonly failPoints: FailPoints,
    private readonly schemas: SchemaStates,
  ) {}

  async start(): Promise<void> {
    partitionsOwned.read(() => [[{}, this.owned.size]]);
    this.subscription = await this.commands.consume({
      topic: topics.directoryCommands.name,
      group: GROUP,
      assigned: (partitions) => this.claim(partitions),
      receive: (messages) => this.receive(messages),
      failed: (error) => {
        this.trouble = error instanceof Error ? error.message : String(error);
        batchesPutOff.add({});
        this.log.warn(`a batch was put off: ${this.trouble}`);
      },
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    await Promise.all([...this.sending]); // who asked for what has just been decided is told
    await this.publisher.stop();
  }

  /** Why this process can decide nothing now, or undefined when it can. */
  problem(): string | undefined {
    return this.trouble;
  }

  private async claim(partitions: readonly number[]): Promise<Map<number, bigint | undefined>> {
    this.directories.clear();
    forgetTypes();
    await refuseUnknownForms(this.database); // the owner before may have been a newer program
    const claimed = await claim(this.database, partitions);
    this.owned = new Map(claimed.map((owner) => [owner.partition, owner]));
    this.publisher.own(claimed);
    void this.schemas.mend(); // the owner before may have died before it told
    this.failPoints.reach('after_claim');
    this.trouble = undefined;
    return new Map(claimed.map(({ partition, nextOffset }) => [partition, nextOffset ?? undefined]));
  }

  private async receive(messages: readonly Received[]): Promise<void> {
    const placed: Placed[] = [];
    const ends = new Map<number, bigint>();
    for (const message of messages) {
      const owner = this.owned.get(message.partition);
      if (owner === undefined) throw new Fenced();
      if (owner.nextOffset !== null && message.offset < owner.nextOffset) continue;
      ends.set(message.partition, message.offset + 1n);
      const request = this.parse(message);
      if (request === undefined) continue;
      placed.push({ partition: message.partition, offset: message.offset, request, headers: message.headers });
    }
    if (ends.size > 0) await this.process(placed, ends);
    this.trouble = undefined;
  }

  private parse({ value, partition, offset }: Received): DirectoryCommandRequest | undefined {
    try {
      return parseDirectoryCommand(JSON.parse(value));
    } catch (error) {
      this.log.error(`command at ${partition}/${offset} cannot be read and is passed over: ${String(error)}`);
      return undefined;
    }
  }

  /**
   * Decides and commits. A batch with a command that was done before breaks on its stored answer, and goes again without
   * it: asking before each batch would cost every one of them a look. A batch that the database refuses for another reason
   * is halved until the one command that breaks it is alone.
   */
  private async process(placed: readonly Placed[], ends: ReadonlyMap<number, bigint>): Promise<void> {
    try {
      await this.decideAndCommit(unique(placed), ends);
    } catch (error) {
      if (!Database.isVerdict(error) || error.code === '40001' || error.code === '40P01') throw error;
      const known = Database.isUniqueViolation(error, ANSWER_KEY) ? await this.repeated(placed) : NONE;
      if (known.size > 0) {
        const fresh = placed.filter(({ request }) => !known.has(request.id));
        await this.process(fresh, ends);
        void this.answer([...known].map(([id, reply]) => ({ request: requestOf(placed, id), reply })));
        return;
      }
      if (placed.length <= 1) return this.giveUp(placed, ends, error);
      for (const part of halves(placed)) await this.process(part, endsOf(part, ends));
      await this.passOver(ends);
    }
  }

  private async decideAndCommit(placed: readonly Placed[], ends: ReadonlyMap<number, bigint>): Promise<void> {
    const positions = new Map([...this.owned].map(([partition, { lastPosition }]) => [partition, lastPosition]));
    const now = this.clock.now().toISOString();
    const watch = new BatchWatch(placed);
    const decided = await decideBatch(this.database, placed, positions, this.directories, now, (request, error) => {
      this.log.error({ correlationId: request.correlationId, err: error }, `command ${request.id} broke its decider`);
    });
    watch.decided();
    this.failPoints.reach('after_decide');
    const steps = this.steps(ends, decided.events);
    await this.committed(steps, () => commit(this.database, steps, decided));
    watch.committed();
    for (const step of steps) this.advance(step);
    this.remember(decided);
    this.failPoints.reach('after_commit');
    // Whoever is told that an attribute is there can use it: the gateways are told first.
    if (decided.touched.schemas.size > 0) await this.schemas.tell([...decided.touched.schemas]);
    void this.answer(decided.answers).then(() => watch.answered());
    this.publisher.wake(decided.events);
  }

  /** A lost connection leaves open whether the commit went through: the owner rows say it. */
  private async committed(steps: readonly OwnerStep[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Fenced || Database.isVerdict(error)) throw error;
      const outcome = await outcomeOf(this.database, steps);
      if (outcome === 'fenced') throw new Fenced();
      if (outcome === 'not committed') throw error;
    }
  }

  private steps(
    ends: ReadonlyMap<number, bigint>,
    events: readonly { partition: number; position: number }[],
  ): OwnerStep[] {
    const last = new Map(events.map(({ partition, position }) => [partition, position]));
    return [...ends].flatMap(([partition, nextOffset]) => {
      const owner = this.owned.get(partition);
      if (owner === undefined) throw new Fenced();
      if (owner.nextOffset !== null && owner.nextOffset >= nextOffset && !last.has(partition)) return [];
      return {
        partition,
        epoch: owner.epoch,
        expectedOffset: owner.nextOffset,
        nextOffset,
        expectedPosition: owner.lastPosition,
        lastPosition: last.get(partition) ?? owner.lastPosition,
      };
    });
  }

  /** Nobody else writes to a directory while its partition is ours, so the row need not be read again for each batch. */
  private remember({ world, touched }: Decided): void {
    if (this.directories.size > DIRECTORIES_MAX) this.directories.clear();
    for (const id of touched.directories) {
      const directory = world.directory(id);
      if (directory !== null) this.directories.set(id, directory);
    }
  }

  private advance({ partition, nextOffset, lastPosition }: OwnerStep): void {
    const owner = this.owned.get(partition);
    if (owner !== undefined) this.owned.set(partition, { ...owner, nextOffset, lastPosition });
  }

  private async giveUp(placed: readonly Placed[], ends: ReadonlyMap<number, bigint>, error: unknown): Promise<void> {
    this.log.error({ err: error }, `command ${placed[0]?.request.id ?? ''} cannot be committed and is given up`);
    await this.passOver(ends);
    const text = 'The directory could not carry this out; it was logged.';
    void this.answer(placed.map(({ request }) => ({ request, reply: { outcome: 'hindered', text } })));
  }

  /** Moves the offsets on without an event. */
  private passOver(ends: ReadonlyMap<number, bigint>): Promise<void> {
    return this.decideAndCommit([], ends);
  }

  /** Commands of this batch that were answered before, in an earlier batch. */
  private repeated(placed: readonly Placed[]): Promise<Map<string, Answer['reply']>> {
    return storedAnswers(
      this.database,
      placed.map(({ request }) => request.id),
    );
  }

  /** Resolves when the answers have been sent, or cannot be: whoever misses one asks for it. Nobody decides later for that. */
  private answer(answers: readonly Answer[]): Promise<void> {
    if (answers.length === 0) return Promise.resolve();
    for (const { reply } of answers) commandsAnswered.add({ outcome: reply.outcome });
    this.failPoints.reach('before_reply');
    const replies = answers.map(({ request, reply }) => ({
      address: request.replyTo,
      requestId: request.id,
      value: JSON.stringify(reply),
    }));
    const sent = this.replies
      .reply(replies)
      .catch((error: unknown) => this.log.warn(`answers could not be sent: ${String(error)}`))
      .finally(() => this.sending.delete(sent));
    this.sending.add(sent);
    return sent;
  }
}

/** The same command twice in one batch is one command: its answer reaches the same asker. */
function unique(placed: readonly Placed[]): Placed[] {
  return [...new Map(placed.map((one) => [one.request.id, one])).values()];
}

function halves(placed: readonly Placed[]): [Placed[], Placed[]] {
  const middle = placed.length >> 1;
  return [placed.slice(0, middle), placed.slice(middle)];
}

function endsOf(placed: readonly Placed[], ends: ReadonlyMap<number, bigint>): Map<number, bigint> {
  const own = new Map<number, bigint>();
  for (const { partition, offset } of placed) own.set(partition, offset + 1n);
  return own.size === 0 ? new Map(ends) : own;
}

function requestOf(placed: readonly Placed[], id: string): DirectoryCommandRequest {
  const found = placed.find(({ request }) => request.id === id);
  if (found === undefined) throw new Error('an answer to a command that is not in this batch');
  return found.request;
}
