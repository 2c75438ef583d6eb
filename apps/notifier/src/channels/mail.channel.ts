import { letterOf } from '../mail/parts.js';
import { asHtml } from '../mail/html.js';
import type { Postman } from '../mail/postman.js';
import { asText } from '../mail/text.js';
import { messageIdOf } from '../telling/message-id.js';
import type { Channel, Delivery } from './channel.js';

const THREAD_NAMED_MAX = 20;

/** Mail to the notification addresses of a directory. */
export class MailChannel implements Channel {
  readonly name = 'mail';
  readonly isBundled = true;
  readonly perHourMax = 6;

  constructor(
    private readonly postman: Postman,
    /** Where an address can be taken off a directory's list. */
    private readonly stopLink: (directory: string, address: string) => string | null,
  ) {}

  async send({ messageId, notice, address, madeAt }: Delivery): Promise<void> {
    const stop = this.stopLink(notice.directory.id, address);
    const letter = letterOf(notice, stop);
    await this.postman.send({
      messageId,
      references: stepsBefore(notice.step).map((step) => messageIdOf(notice.thread, step, address)),
      date: madeAt,
      to: address,
      subject: letter.subject,
      text: asText(letter),
      html: asHtml(letter),
      stop,
    });
  }
}

/** The first step and the last ones: enough for every mail program to find the thread. */
function stepsBefore(step: number): number[] {
  const all = Array.from({ length: step - 1 }, (_, before) => before + 1);
  return all.length <= THREAD_NAMED_MAX ? all : [1, ...all.slice(1 - THREAD_NAMED_MAX)];
}
