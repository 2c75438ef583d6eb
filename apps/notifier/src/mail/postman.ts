/** One mail to one address. The same `messageId` every time it is tried. */
export interface Mail {
  /** Without brackets and domain. */
  messageId: string;
  /** Those of the mails before it in the thread, the first one first. */
  references: readonly string[];
  date: Date;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where a program may take the address off the list with one POST (RFC 8058). */
  stop: string | null;
}

/** One way of getting mail to people. */
export abstract class Postman {
  /** Resolves when the far side has taken the mail; throws to have it tried again later. */
  abstract send(mail: Mail): Promise<void>;
}
