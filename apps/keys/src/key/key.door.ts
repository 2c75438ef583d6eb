import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { brokenReply, type KeyCommandRequest, type KeyReply, parseKeyCommand, topics } from '#libs/contracts';
import { CommandLog, type Received, ReplyChannel, type Subscription } from '#libs/messaging';
import { Clock, sentence } from '#libs/service';
import { KeyDesk } from './key-desk.js';

const TOPIC = topics.keysCommands.name;
const GROUP = 'keys.commands';

/** Where the key service is asked: takes commands off `keys.commands`, has them carried out, sends the answers. */
@Injectable()
export class KeyDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(KeyDoor.name);
  private subscription: Subscription | undefined;
  private failure: string | undefined;

  constructor(
    private readonly commandLog: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly desk: KeyDesk,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscription = await this.commandLog.work({
      topic: TOPIC,
      group: GROUP,
      handle: (messages) => this.watched(messages),
      failed: (error) => this.log.error(`${TOPIC}: ${sentence(error)}`),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    this.subscription = undefined;
  }

  problems(): string[] {
    if (this.subscription === undefined) return [`${TOPIC} is not being read yet`];
    return this.failure === undefined ? [] : [this.failure];
  }

  private async watched(messages: readonly Received[]): Promise<void> {
    try {
      await this.handle(messages);
      this.failure = undefined;
    } catch (error) {
      this.failure = `${TOPIC} cannot be worked on: ${sentence(error)}`;
      throw error;
    }
  }

  private async handle(messages: readonly Received[]): Promise<void> {
    for (const message of messages) await this.take(message);
  }

  private async take(message: Received): Promise<void> {
    let request: KeyCommandRequest;
    try {
      request = parseKeyCommand(JSON.parse(message.value));
    } catch (error) {
      const place = `partition ${message.partition}, offset ${message.offset.toString()}`;
      this.log.error(`a broken message of ${TOPIC} is skipped (${place}): ${sentence(error)}`);
      await this.replies.reply(brokenReply('a key command', message.value, error));
      return;
    }
    await this.answer(request, await this.reply(request));
  }

  private async reply(request: KeyCommandRequest): Promise<KeyReply> {
    try {
      return await this.desk.serve(request);
    } catch (error) {
      // The log hands it over again, as long as somebody waits for the answer; then it must not stop all the others.
      if (Date.parse(request.deadline) > this.clock.now().getTime()) throw error;
      this.log.error(`command ${request.id} (${request.correlationId}) is given up: ${sentence(error)}`);
      return { outcome: 'hindered', text: 'The key service could not do this now. Try again.' };
    }
  }

  private async answer({ id, replyTo }: KeyCommandRequest, reply: KeyReply): Promise<void> {
    await this.replies.reply([{ address: replyTo, requestId: id, value: JSON.stringify(reply) }]);
  }
}
