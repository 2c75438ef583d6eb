import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/postgres';
import { NotifierSchema } from '../notifier.schema.js';
import { readStopToken, stopToken } from './stop-token.js';

/** Makes the links by which people stop the mails, and reads the tokens that come back. All notifiers share what signs them. */
@Injectable()
export class StopLinks implements OnModuleInit {
  private secret = '';

  constructor(
    private readonly database: Database,
    private readonly schema: NotifierSchema,
    private readonly publicUrl: string,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.schema.ready();
    await this.database.query(
      'stop_make',
      `insert into own_secret (name, value) values ('stop', $1) on conflict do nothing`,
      [randomBytes(32).toString('base64url')],
    );
    const [row] = await this.database.query<{ value: string }>(
      'stop_read',
      `select value from own_secret where name = 'stop'`,
    );
    this.secret = row?.value ?? '';
  }

  link(directory: string, address: string): string {
    return `${this.publicUrl}/notify/stop/${stopToken(this.secret, directory, address)}`;
  }

  read(token: string): { directory: string; address: string } | undefined {
    return readStopToken(this.secret, token);
  }
}
