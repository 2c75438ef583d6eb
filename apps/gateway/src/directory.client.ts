import { Injectable } from '@nestjs/common';
import { v4 } from 'uuid';
import {
  type CommandReply,
  type DirectoryCommand,
  type DirectoryQuery,
  type KeyCommand,
  type KeyReply,
  keyReply,
  type QueryReply,
  type Request,
  topics,
  type WithBytes,
} from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { CommandLog, Hindrance, type Reply, ReplyChannel, type Subscription } from '#libs/messaging';
import { inSpan, traceHeaders } from '#libs/service';
import type { Caller } from './caller.js';
import { GatewaySettings } from './gateway.config.js';
import { lateAnswers, requestsWaiting } from './gateway.metrics.js';
import { orderedId } from './ids.js';
import { Unavailable } from './unavailable.js';

const OUTSTANDING_MAX = 5_000;
const RETRY_AFTER_S = 5;

const LOOK_UP_MS_MAX = 2_000;
const SPREAD_MS = 5;

type Kind = 'command' | 'query' | 'keys';
const KINDS: Record<Kind, { type: string; topic: string; late: string }> = {
  command: {
    type: 'directory.command',
    topic: topics.directoryCommands.name,
    late: 'It is not known whether this was done; the same request again is safe.',
  },
  query: { type: 'directory.query', topic: topics.directoryQueries.name, late: 'The directory did not answer.' },
  keys: { type: 'keys.command', topic: topics.keysCommands.name, late: 'The key service did not answer.' },
};

/** The deadline passed without an answer. */
class Late extends Unavailable {}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Who asks, and the id of the request from outside that all of it belongs to. */
export interface Asker {
  caller: Caller;
  correlationId: string;
}

type Done = Extract<CommandReply, { outcome: 'done' }>;
type Found = Exclude<QueryReply, { outcome: 'refused' | 'hindered' }>;

/** The only file that knows how the directory, and the key service, are reached. Throws Refusal (a "no") or Unavailable (no answer). */
@Injectable()
export class DirectoryClient {
  private readonly waiting = new Map<string, Waiting>();
  private spreading = { key: v4(), since: 0 };
  private channel: (Subscription & { address: string }) | undefined;

  constructor(
    private readonly commands: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly settings: GatewaySettings,
  ) {}

  async start(): Promise<void> {
    requestsWaiting.read(() => [[{}, this.waiting.size]]);
    this.channel = await this.replies.listen(`gateway-${v4()}`, (reply) => {
      const { requestId } = reply;
      const waiting = this.waiting.get(requestId);
      if (waiting === undefined) return; // answered after its deadline
      clearTimeout(waiting.timer);
      this.waiting.delete(requestId);
      waiting.resolve(reply);
    });
  }

  async stop(): Promise<void> {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Unavailable('The gateway is shutting down; the same request again is safe.', 1));
    }
    this.waiting.clear();
    await this.channel?.close();
  }

  isOpen(): boolean {
    return this.channel !== undefined;
  }

  /** A new id for a resource: made here, so that deciding is deterministic; in order of time, so that indexes like it. */
  newId(): string {
    return orderedId();
  }

  async command(asker: Asker, data: DirectoryCommand): Promise<Done> {
    const id = orderedId();
    try {
      return settled((await this.ask(id, 'command', asker, data)).value as CommandReply) as Done;
    } catch (error) {
      if (!(error instanceof Late)) throw error;
      // Perhaps it was done and only the answer got lost: asked once, because then there is no doubt to hand on.
      const answer = await this.answerTo(asker, id);
      if (answer === null) throw error;
      return settled(answer) as Done;
    }
  }

  async query(asker: Asker, data: DirectoryQuery): Promise<WithBytes<Found>> {
    const { value, bytes } = await this.ask(v4(), 'query', asker, data);
    return { ...(settled(value as QueryReply) as Found), ...(bytes !== undefined && { bytes }) };
  }

  /** Asks the key service, for a client that is not let in yet. Throws Unavailable. */
  async keys(directory: string | null, correlationId: string, data: KeyCommand): Promise<KeyReply> {
    const asker = { caller: { keyId: 'gateway', directory }, correlationId };
    const { value } = await this.ask(v4(), 'keys', asker, data);
    const reply = keyReply.parse(value);
    if (reply.outcome === 'hindered') throw new Unavailable(reply.text, RETRY_AFTER_S);
    return reply;
  }

  private async answerTo(asker: Asker, command: string): Promise<CommandReply | null> {
    try {
      const waitMs = Math.min(LOOK_UP_MS_MAX, this.settings.requestTimeoutMs);
      const { value } = await this.ask(v4(), 'query', asker, { find: 'answer', command }, waitMs);
      const found = value as QueryReply;
      return found.outcome === 'answer' ? found.answer : null;
    } catch {
      return null;
    }
  }

  /** Asks, as a part of the trace of the request that is being answered. */
  private ask(...question: Parameters<DirectoryClient['send']>): ReturnType<DirectoryClient['send']> {
    return inSpan(KINDS[question[1]].topic, { 'messaging.message.id': question[0] }, () => this.send(...question));
  }

  private async send(
    id: string,
    kind: Kind,
    { caller, correlationId }: { caller: { keyId: string; directory: string | null }; correlationId: string },
    data: DirectoryCommand | DirectoryQuery | KeyCommand,
    waitMs = this.settings.requestTimeoutMs,
  ): Promise<{ value: unknown; bytes?: Uint8Array }> {
    if (this.channel === undefined) throw new Unavailable('The gateway is starting.', 1);
    if (this.waiting.size >= OUTSTANDING_MAX) throw new Unavailable('Too many requests are waiting.', RETRY_AFTER_S);
    const now = Date.now();
    const { type, topic, late } = KINDS[kind];
    const request: Request = {
      id,
      type,
      schemaVersion: 1,
      time: new Date(now).toISOString(),
      correlationId,
      causationId: null,
      actor: { kind: kind === 'keys' ? 'system' : 'key', id: caller.keyId },
      directory: caller.directory,
      data,
      replyTo: this.channel.address,
      deadline: new Date(now + waitMs).toISOString(),
    };
    const answer = this.expect(id, kind, waitMs);
    answer.catch(() => undefined); // it may be too late before the log has even taken the question
    // Commands keep a directory's order; questions have none to keep and are spread, a handful to each partition.
    const key = kind === 'query' ? this.spread(now) : (caller.directory ?? id);
    try {
      await this.commands.send(topic, [{ key, value: JSON.stringify(request), headers: traceHeaders() }]);
    } catch (error) {
      this.forget(id);
      if (error instanceof Hindrance) throw new Unavailable(`${late} (${error.message})`, RETRY_AFTER_S);
      throw error;
    }
    const { value, bytes } = await answer;
    return { value: JSON.parse(value) as unknown, bytes };
  }

  /** One key for the questions of a moment: they are fetched in one piece, and asked of the database together. */
  private spread(now: number): string {
    if (now - this.spreading.since >= SPREAD_MS) this.spreading = { key: v4(), since: now };
    return this.spreading.key;
  }

  private expect(id: string, kind: Kind, waitMs: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        lateAnswers.add({ kind });
        reject(new Late(KINDS[kind].late, RETRY_AFTER_S));
      }, waitMs);
      this.waiting.set(id, { resolve, reject, timer });
    });
  }

  private forget(id: string): void {
    clearTimeout(this.waiting.get(id)?.timer);
    this.waiting.delete(id);
  }
}

function settled(reply: CommandReply | QueryReply): Done | Found {
  if (reply.outcome === 'refused') throw new Refusal(reply.code, reply.text, reply.scimType);
  if (reply.outcome === 'hindered') throw new Unavailable(reply.text, RETRY_AFTER_S);
  return reply;
}
