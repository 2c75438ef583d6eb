import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type NotifierCommandRequest, type NotifierReply, parseNotifierCommand, topics } from '#libs/contracts';
import { CommandLog, type Received, ReplyChannel, type Subscription } from '#libs/messaging';
import { Clock, sentence } from '#libs/service';
import { brokenReply } from './broken-message.js';
import { SetAddresses } from './recipients.handler.js';

const TOPIC = topics.notifierCommands.name;
const GROUP = 'notifier.commands';

/** Where the notifier is told whom to tell: takes commands off `notifier.commands` and answers them. */
@Injectable()
export class RecipientsDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(RecipientsDoor.name);
  private subscription: Subscription | undefined;
  private failure: string | undefined;

  constructor(
    private readonly commandLog: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly commands: CommandBus,
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
    let request: NotifierCommandRequest;
    try {
      request = parseNotifierCommand(JSON.parse(message.value));
    } catch (error) {
      const place = `partition ${message.partition}, offset ${message.offset.toString()}`;
      this.log.error(`a broken message of ${TOPIC} is skipped (${place}): ${sentence(error)}`);
      await this.replies.reply(brokenReply(message.value, error));
      return;
    }
    const reply = await this.reply(request);
    await this.replies.reply([{ address: request.replyTo, requestId: request.id, value: JSON.stringify(reply) }]);
  }

  private async reply(request: NotifierCommandRequest): Promise<NotifierReply> {
    const { directory, data } = request;
    if (directory === null)
      return { outcome: 'refused', code: 'invalid', text: 'Addresses belong to a directory; name one.' };
    try {
      const set = new SetAddresses(directory, data.directoryName, data.addresses);
      return { outcome: 'addresses', addresses: await this.commands.execute(set) };
    } catch (error) {
      // The log hands it over again, as long as somebody waits for the answer; then it must not stop all the others.
      if (Date.parse(request.deadline) > this.clock.now().getTime()) throw error;
      this.log.error(`command ${request.id} (${request.correlationId}) is given up: ${sentence(error)}`);
      return { outcome: 'hindered', text: 'The notifier could not do this now. Try again.' };
    }
  }
}
