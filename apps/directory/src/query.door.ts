import { Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  type DirectoryQueryRequest,
  parseDirectoryQuery,
  type QueryReply,
  topics,
  type WithBytes,
} from '#libs/contracts';
import { CommandLog, type Received, ReplyChannel, type Subscription } from '#libs/messaging';
import { ScimError } from '#libs/scim';
import { Clock, inTraceOf, Turns } from '#libs/service';
import { AskDirectory } from './directory.queries.js';

// Answers with members may be megabytes each: so many are made and sent at once, however many are asked for.
const LARGE_AT_ONCE = 4;
/** Longer than anybody waits for an answer; whoever does not wait any more is passed over. */
const TURN_MS_MAX = 60_000;

/** Takes questions from `directory.queries` and answers them; any instance may, for any directory. */
@Injectable()
export class QueryDoor {
  private readonly log = new Logger(QueryDoor.name);
  private subscription: Subscription | undefined;
  private readonly turns = new Turns(LARGE_AT_ONCE, TURN_MS_MAX);
  private readonly inTurn = new Set<Promise<void>>();

  constructor(
    private readonly commands: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  async start(): Promise<void> {
    this.subscription = await this.commands.work({
      topic: topics.directoryQueries.name,
      group: 'directory.queries',
      start: 'latest',
      handle: async (messages) => {
        await Promise.all(messages.map((message) => this.take(message)));
      },
      failed: (error) => this.log.warn(`queries were put off: ${String(error)}`),
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    await Promise.all(this.inTurn);
  }

  private async take({ value, headers }: Received): Promise<void> {
    let request: DirectoryQueryRequest;
    try {
      request = parseDirectoryQuery(JSON.parse(value));
    } catch (error) {
      this.log.error(`a query cannot be read and is passed over: ${String(error)}`);
      return;
    }
    const isLarge = 'withMembers' in request.data && request.data.withMembers;
    const work = () => inTraceOf(headers, `${topics.directoryQueries.name} answer`, () => this.reply(request));
    if (isLarge) this.takeInTurn(work);
    else await work();
  }

  /** What takes its time does not hold up the questions that come after it. */
  private takeInTurn(work: () => Promise<void>): void {
    const taken = this.turns
      .take(work)
      .catch((error: unknown) => this.log.warn(`a large answer was not given: ${String(error)}`))
      .finally(() => this.inTurn.delete(taken));
    this.inTurn.add(taken);
  }

  private async reply(request: DirectoryQueryRequest): Promise<void> {
    if (new Date(request.deadline) < this.clock.now()) return; // nobody is waiting any more
    const { bytes, ...reply } = await this.answer(
      new AskDirectory(request.directory, request.data),
      request.correlationId,
    );
    const value = JSON.stringify(reply);
    await this.replies.reply([{ address: request.replyTo, requestId: request.id, value, bytes }]);
  }

  private async answer(question: AskDirectory, correlationId: string): Promise<WithBytes<QueryReply>> {
    try {
      return await this.queries.execute(question);
    } catch (error) {
      if (error instanceof ScimError) {
        return { outcome: 'refused', code: 'invalid', scimType: error.scimType, text: error.detail };
      }
      this.log.error({ correlationId, err: error }, 'a query failed');
      return { outcome: 'hindered', text: 'The directory could not answer just now.' };
    }
  }
}
