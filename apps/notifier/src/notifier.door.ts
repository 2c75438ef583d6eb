import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  brokenReply,
  type NotifierCommandRequest,
  type NotifierReply,
  parseNotifierCommand,
  topics,
} from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { CommandLog, type Received, ReplyChannel } from '#libs/messaging';
import { Clock, sentence } from '#libs/service';
import { Hearing } from './hearing.js';
import { NotifierDesk } from './notifier-desk.js';

const TOPIC = topics.notifierCommands.name;
const GROUP = 'notifier.commands';

/** Where the notifier is told and asked: takes commands off `notifier.commands` and answers them. */
@Injectable()
export class NotifierDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(NotifierDoor.name);
  private readonly hearing = new Hearing(TOPIC, this.log);

  constructor(
    private readonly commandLog: CommandLog,
    private readonly replies: ReplyChannel,
    private readonly desk: NotifierDesk,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.hearing.begin(
      (hands) => this.commandLog.work({ topic: TOPIC, group: GROUP, ...hands }),
      async (messages) => {
        for (const message of messages) await this.take(message);
      },
    );
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.hearing.end();
  }

  problems(): string[] {
    return this.hearing.problems();
  }

  private async take(message: Received): Promise<void> {
    let broken: unknown;
    const request = this.hearing.read(message, (json) => {
      try {
        return parseNotifierCommand(json);
      } catch (error) {
        broken = error;
        throw error;
      }
    });
    if (request === undefined) {
      await this.replies.reply(brokenReply('a command of the notifier', message.value, broken));
      return;
    }
    const reply = await this.reply(request);
    // Whoever clicked a link in a mail waits for no answer.
    if (request.replyTo === '') return;
    await this.replies.reply([{ address: request.replyTo, requestId: request.id, value: JSON.stringify(reply) }]);
  }

  private async reply(request: NotifierCommandRequest): Promise<NotifierReply> {
    try {
      return await this.desk.answer(request);
    } catch (error) {
      if (error instanceof Refusal) return { outcome: 'refused', code: error.code, text: error.message };
      // The log hands it over again, as long as somebody waits for the answer; then it must not stop all the others.
      if (Date.parse(request.deadline) > this.clock.now().getTime()) throw error;
      this.log.error(`command ${request.id} (${request.correlationId}) is given up: ${sentence(error)}`);
      return { outcome: 'hindered', text: 'The notifier could not do this now. Try again.' };
    }
  }
}
