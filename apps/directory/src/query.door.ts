import { Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { parseDirectoryQuery, type QueryReply, topics } from '#libs/contracts';
import { CommandLog, type Received, ReplyChannel, type Subscription } from '#libs/messaging';
import { ScimError } from '#libs/scim';
import { Clock, inTraceOf } from '#libs/service';
import { AskDirectory } from './directory.queries.js';

/** Takes questions from `directory.queries` and answers them; any instance may, for any directory. */
@Injectable()
export class QueryDoor {
  private readonly log = new Logger(QueryDoor.name);
  private subscription: Subscription | undefined;

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
  }

  private async take({ value, headers }: Received): Promise<void> {
    let request: ReturnType<typeof parseDirectoryQuery>;
    try {
      request = parseDirectoryQuery(JSON.parse(value));
    } catch (error) {
      this.log.error(`a query cannot be read and is passed over: ${String(error)}`);
      return;
    }
    if (new Date(request.deadline) < this.clock.now()) return; // nobody is waiting any more
    await inTraceOf(headers, `${topics.directoryQueries.name} answer`, async () => {
      const reply = await this.answer(new AskDirectory(request.directory, request.data), request.correlationId);
      await this.replies.reply([{ address: request.replyTo, requestId: request.id, value: JSON.stringify(reply) }]);
    });
  }

  private async answer(question: AskDirectory, correlationId: string): Promise<QueryReply> {
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
