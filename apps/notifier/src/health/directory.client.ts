import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type DirectoryQuery, queryReply, type Request, topics } from '#libs/contracts';
import { CommandLog, ReplyChannel, type Subscription } from '#libs/messaging';
import { parseFilter } from '#libs/scim';
import { Clock } from '#libs/service';

// Who has no `active` counts as enabled.
const NOT_DISABLED = parseFilter('active ne false');
const ANSWER_MS_MAX = 5_000;

/** Asks the directory service, which alone knows how many users a directory has. */
@Injectable()
export class DirectoryClient implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, (value: string) => void>();
  private channel: (Subscription & { address: string }) | undefined;

  constructor(
    private readonly commands: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.channel = await this.replies.listen(`notifier-${randomUUID()}`, ({ requestId, value }) => {
      this.waiting.get(requestId)?.(value);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.channel?.close();
  }

  /** How many users of this directory are active; undefined when nobody answers in time. */
  async activeUsers(directory: string): Promise<number | undefined> {
    const query: DirectoryQuery = {
      find: 'users',
      filter: NOT_DISABLED,
      startIndex: 1,
      count: 0,
      withGroups: false,
    };
    const answer = await this.ask(directory, query);
    return answer?.outcome === 'list' ? answer.total : undefined;
  }

  private async ask(directory: string, data: DirectoryQuery) {
    if (this.channel === undefined) return undefined;
    const id = randomUUID();
    const now = this.clock.now().getTime();
    const request: Request = {
      id,
      type: 'directory.query',
      schemaVersion: 1,
      time: new Date(now).toISOString(),
      correlationId: id,
      causationId: null,
      actor: { kind: 'system', id: 'notifier' },
      directory,
      data,
      replyTo: this.channel.address,
      deadline: new Date(now + ANSWER_MS_MAX).toISOString(),
    };
    const answer = new Promise<string | undefined>((resolve) => {
      this.waiting.set(id, resolve);
      setTimeout(() => resolve(undefined), ANSWER_MS_MAX).unref();
    });
    try {
      await this.commands.send(topics.directoryQueries.name, [{ key: id, value: JSON.stringify(request) }]);
      const value = await answer;
      return value === undefined ? undefined : queryReply.parse(JSON.parse(value));
    } finally {
      this.waiting.delete(id);
    }
  }
}
