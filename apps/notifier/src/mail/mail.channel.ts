/** One mail to one address. The same `id` and `messageId` every time it is tried. */
export interface Mail {
  id: string;
  messageId: string;
  date: Date;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** One way of getting mail to people. */
export abstract class MailChannel {
  /** Resolves when the far side has taken the mail; throws to have it tried again later. */
  abstract send(mail: Mail): Promise<void>;
}

/** The far side says that this address will never take mail. */
export class AddressRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AddressRefused';
  }
}
