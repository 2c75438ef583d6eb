import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type DirectoryCommand, type DirectoryQuery, type Request, topics } from '#libs/contracts';
import { CommandLog, Hindrance, ReplyChannel } from '#libs/messaging';
import { ScimError } from '#libs/scim';
import { GatewaySettings } from '../gateway.config.js';
import type { Asker } from './asker.js';
import { type Done, type Found, type Listed, readCommandReply, readQueryReply } from './directory-reply.js';
import { Outstanding } from './outstanding.js';

const OUTSTANDING_MAX = 5_000;

/** The ways in which no answer comes, as the client is told of them; each is a 503. */
const BUSY = 'Too many requests are waiting for an answer. Try again later.';
const NO_ANSWER = 'The directory cannot answer at the moment. Try again later.';
const OUTCOME_UNKNOWN = 'The directory did not answer in time. The outcome is unknown; the same request again is safe.';

type Listening = Awaited<ReturnType<ReplyChannel['listen']>>;

/** The directory, as the gateway reaches it: a message to its topic, an answer on the gateway's own address. */
@Injectable()
export class DirectoryClient implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('DirectoryClient');
  private readonly outstanding = new Outstanding(OUTSTANDING_MAX);
  private listening: Listening | undefined;

  constructor(
    private readonly log: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly settings: GatewaySettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.listening = await this.replies.listen(`gateway-${uuidv7()}`, ({ requestId, value }) => {
      this.outstanding.answer(requestId, value);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const listening = this.listening;
    this.listening = undefined;
    this.outstanding.failAll(unavailable(OUTCOME_UNKNOWN));
    await listening?.close();
  }

  /** Why the directory cannot be asked; empty when it can. */
  problems(): string[] {
    return this.listening === undefined ? ['the way back from the directory is not open'] : [];
  }

  /** Has the directory change something. Throws a Refusal when it says no, a ScimError 503 when no answer came. */
  async change(asker: Asker, command: DirectoryCommand): Promise<Done> {
    const { name } = topics.directoryCommands;
    const request = this.request('directory.command', asker, command);
    return this.read(
      readCommandReply,
      await this.send(name, asker.directory, request, OUTCOME_UNKNOWN),
      OUTCOME_UNKNOWN,
    );
  }

  /** Asks the directory something; throws like `change`. Any of its owners may answer, so the id spreads the load. */
  async ask(asker: Asker, query: DirectoryQuery): Promise<Found | Listed> {
    const request = this.request('directory.query', asker, query);
    const value = await this.send(topics.directoryQueries.name, request.id, request, NO_ANSWER);
    return this.read(readQueryReply, value, NO_ANSWER);
  }

  private request<Data>(type: string, { directory, actor, correlationId }: Asker, data: Data): Request<Data> {
    if (this.listening === undefined || this.outstanding.isFull) throw unavailable(BUSY);
    const now = Date.now();
    return {
      id: uuidv7(),
      type,
      schemaVersion: 1,
      time: new Date(now).toISOString(),
      correlationId,
      causationId: null,
      actor,
      directory,
      data,
      replyTo: this.listening.address,
      deadline: new Date(now + this.settings.requestTimeoutMs).toISOString(),
    };
  }

  private send(topic: string, key: string, request: Request, textWhenLost: string): Promise<string> {
    const answer = this.outstanding.wait(request.id, this.settings.requestTimeoutMs, () => unavailable(textWhenLost));
    this.log.send(topic, [{ key, value: JSON.stringify(request) }]).catch((error: unknown) => {
      if (error instanceof Hindrance) this.logger.warn(`${topic}: ${error.message}`);
      const failure = error instanceof Error ? error : new Error(String(error));
      this.outstanding.fail(request.id, error instanceof Hindrance ? unavailable(textWhenLost) : failure);
    });
    return answer;
  }

  private read<Answer>(reader: (value: string) => Answer, value: string, textWhenHindered: string): Answer {
    try {
      return reader(value);
    } catch (error) {
      if (!(error instanceof Hindrance)) throw error;
      this.logger.warn(`the directory is hindered: ${error.message}`);
      throw unavailable(textWhenHindered);
    }
  }
}

function unavailable(detail: string): ScimError {
  return new ScimError(503, undefined, detail);
}
