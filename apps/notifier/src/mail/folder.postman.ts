import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { message } from './message.js';
import { type Mail, Postman } from './postman.js';

/** Mail as files that any mail program opens: for a machine without an SMTP server. */
export class FolderPostman extends Postman {
  private readonly transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly folder: string,
    private readonly from: string,
    private readonly written: (path: string) => void,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const info = await this.transport.sendMail(message(this.from, mail));
    const time = mail.date.toISOString().slice(0, 19).replaceAll(':', '-');
    const path = join(this.folder, `${time}Z-${mail.messageId}.eml`);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Nobody who watches the folder sees half a mail; a repeat after a crash lands on the same name.
    await writeFile(`${path}.part`, info.message, { mode: 0o600 });
    await rename(`${path}.part`, path);
    this.written(path);
  }
}
