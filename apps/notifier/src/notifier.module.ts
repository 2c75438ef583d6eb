import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Database, migrate, openDatabase } from '#libs/postgres';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { ActivityDoor } from './activity/activity.door.js';
import { CountFailuresHandler, RecordActivitiesHandler } from './activity/activity.handler.js';
import { ChangesDoor } from './activity/changes.door.js';
import { LOG_DAYS_KEPT, LogKeeper } from './log/log.keeper.js';
import { FindLogHandler, ShowLogHandler } from './log/log.queries.js';
import { FolderChannel } from './mail/folder.channel.js';
import { MailChannel } from './mail/mail.channel.js';
import { SmtpChannel } from './mail/smtp.channel.js';
import { NotifierDesk } from './notifier-desk.js';
import { NotifierDoor } from './notifier.door.js';
import { NOTIFIER_SCHEMA, notifierMigrations, NotifierSchema } from './notifier.schema.js';
import { Outbox } from './outbox/outbox.js';
import { NotifierReadiness } from './readiness.js';
import { SetAddressesHandler } from './recipients/recipients.handler.js';

export interface NotifierSettings {
  databaseUrl: string;
  /** For how many days the provisioning log keeps a request; 30 unless given. */
  logDays?: number;
  mail: {
    from: string;
    /** Without it mails are written as files into `folder`. */
    smtpUrl?: string;
    folder: string;
  };
  /** Is told the path of each mail that was written as a file; a line in the log unless given. */
  mailWritten?: (path: string) => void;
  /** The machine's own unless given. */
  clock?: Clock;
}

const LOG_DAYS = 30;

/** The notifier, all but the transport: CommandLog and ReplyChannel come from a global module. */
@Module({})
export class NotifierModule {
  /** Brings the tables of this service up to date; the service does the same at its start. */
  static migrate(databaseUrl: string): Promise<void> {
    return migrate({ url: databaseUrl, schema: NOTIFIER_SCHEMA, migrations: notifierMigrations });
  }

  static forRoot(settings: NotifierSettings): DynamicModule {
    const { databaseUrl, logDays = LOG_DAYS, clock = new SystemClock() } = settings;
    const database = openDatabase({ url: databaseUrl, schema: NOTIFIER_SCHEMA, poolMax: 4 });
    return {
      module: NotifierModule,
      imports: [CqrsModule],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: MailChannel, useFactory: () => mailChannel(settings) },
        { provide: NotifierSchema, useFactory: () => new NotifierSchema(databaseUrl, database) },
        { provide: Readiness, useClass: NotifierReadiness },
        { provide: LOG_DAYS_KEPT, useValue: logDays },
        ActivityDoor,
        ChangesDoor,
        CountFailuresHandler,
        FindLogHandler,
        LogKeeper,
        NotifierDesk,
        NotifierDoor,
        RecordActivitiesHandler,
        ShowLogHandler,
        SetAddressesHandler,
        Outbox,
      ],
      exports: [Readiness],
    };
  }
}

function mailChannel({ mail, mailWritten }: NotifierSettings): MailChannel {
  if (mail.smtpUrl !== undefined) return new SmtpChannel(mail.smtpUrl, mail.from);
  const log = new Logger('Mail');
  return new FolderChannel(mail.folder, mail.from, mailWritten ?? ((path) => log.log(`Mail written to ${path}`)));
}
