import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Delivered {
  to: string[];
  mail: ParsedMail;
  raw: string;
}

/** A real SMTP server on loopback, with a mailbox for everybody. */
export class MailServer {
  delivered: Delivered[] = [];
  refused = new Set<string>();
  asked: string[] = [];
  /** Called when a mail has come, before its sender hears that it was taken. */
  taken: () => void = () => undefined;
  port = 0;
  private server: SMTPServer | undefined;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) => {
        this.asked.push(address);
        const isRefused = this.refused.has(address);
        done(isRefused ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : undefined);
      },
      onData: (stream, { envelope }, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const raw = Buffer.concat(pieces).toString();
          simpleParser(raw).then((mail) => {
            this.delivered.push({ to: envelope.rcptTo.map(({ address }) => address), mail, raw });
            this.taken();
            done();
          }, done);
        });
      },
    });
    const listening = this.server.listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closing = this.server;
    this.server = undefined;
    if (closing !== undefined) await new Promise<void>((resolve) => closing.close(resolve));
  }

  to(address: string): ParsedMail[] {
    return this.delivered.filter(({ to }) => to.includes(address)).map(({ mail }) => mail);
  }
}
