import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Envelope, type KeyExpiry, parseKeyExpiry, topics } from '#libs/contracts';
import { CommandLog, type Received } from '#libs/messaging';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { Hearing } from '../hearing.js';
import { Incidents } from '../incident/incidents.js';
import { takeExpiry } from './expiry.js';

const TOPIC = topics.keysNotices.name;
const GROUP = 'notifier.keys';
/** A warning that comes later than this was for people who could still do something: the next step tells again. */
const TOLD_MS_MAX = 24 * 60 * 60_000;

/** Hears that keys end, and makes it an incident of its directory, or of all of them. */
@Injectable()
export class ExpiryDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ExpiryDoor.name);
  private readonly hearing = new Hearing(TOPIC, this.log);

  constructor(
    private readonly commandLog: CommandLog,
    private readonly incidents: Incidents,
    private readonly database: Database,
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
    const expiry: Envelope<KeyExpiry> | undefined = this.hearing.read(message, parseKeyExpiry);
    if (expiry === undefined) return;
    const now = this.clock.now();
    if (now.getTime() - Date.parse(expiry.time) > TOLD_MS_MAX) return;
    const { directory, data } = expiry;
    if (directory === null)
      this.log.warn(`${data.credential} ${data.id}, which reaches all directories, ends ${data.expiresAt}`);
    await this.database.transaction((transaction) => takeExpiry(transaction, this.incidents, expiry, now));
  }
}
