import { createTransport } from 'nodemailer';
import { AddressRefused } from '../channels/channel.js';
import { message } from './message.js';
import { type Mail, Postman } from './postman.js';

const CONNECT_MS_MAX = 5_000;
const SILENCE_MS_MAX = 10_000;

/** Mail through an SMTP server. */
export class SmtpPostman extends Postman {
  private readonly transport;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.transport = createTransport({
      url,
      connectionTimeout: CONNECT_MS_MAX,
      greetingTimeout: CONNECT_MS_MAX,
      dnsTimeout: CONNECT_MS_MAX,
      socketTimeout: SILENCE_MS_MAX,
    });
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail(message(this.from, mail));
    } catch (error) {
      throw isRefusedAddress(error)
        ? new AddressRefused('the mail server refuses this address', { cause: error })
        : error;
    }
  }
}

/** A 5xx to RCPT is about the address; to anything else it is about us, and somebody may mend it. */
function isRefusedAddress(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown };
  return command === 'RCPT TO' && typeof responseCode === 'number' && responseCode >= 500;
}
