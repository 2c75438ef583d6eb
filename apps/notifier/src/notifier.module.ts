import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Database, migrate, openDatabase } from '#libs/postgres';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { ActivityDoor } from './activity/activity.door.js';
import { RecordActivitiesHandler } from './activity/activity.handler.js';
import { ChangesDoor } from './activity/changes.door.js';
import { ExpiryDoor } from './activity/expiry.door.js';
import { Channels } from './channels/channel.js';
import { MailChannel } from './channels/mail.channel.js';
import { OutsideWorld } from './channels/outside-world.js';
import { WebhookChannel } from './channels/webhook.channel.js';
import { DirectoryClient } from './health/directory.client.js';
import { HealthWatch } from './health/health.watch.js';
import { ActOnIncidentHandler } from './incident/incident.handler.js';
import { FindIncidentsHandler, ShowIncidentHandler } from './incident/incident.queries.js';
import { Incidents } from './incident/incidents.js';
import { LOG_DAYS_KEPT, LogKeeper } from './log/log.keeper.js';
import { FindLogHandler, ShowLogHandler } from './log/log.queries.js';
import { FolderPostman } from './mail/folder.postman.js';
import type { Postman } from './mail/postman.js';
import { SmtpPostman } from './mail/smtp.postman.js';
import { NotifierDesk } from './notifier-desk.js';
import { NotifierDoor } from './notifier.door.js';
import { notifierMigrations } from './notifier.migrations.js';
import { NOTIFIER_SCHEMA, NotifierSchema } from './notifier.schema.js';
import { NotifierReadiness } from './readiness.js';
import { SetAddressesHandler, SetWishesHandler, UnsubscribeHandler } from './recipients/recipients.handler.js';
import { StopLinks } from './recipients/stop-links.js';
import { ShowTellingHandler } from './recipients/telling.queries.js';
import { SendTestHandler } from './recipients/test.handler.js';
import { AddWebhookHandler, RemoveWebhookHandler } from './recipients/webhook.handler.js';
import { Webhooks } from './recipients/webhooks.js';
import { Outbox } from './telling/outbox.js';
import { Teller } from './telling/teller.js';

export interface NotifierSettings {
  databaseUrl: string;
  /** For how many days the provisioning log keeps a request; 30 unless given. */
  logDays?: number;
  /** How the gateway is reached, for the links in mails. */
  publicUrl: string;
  /** Seals the secrets of webhooks; without it there are none. */
  secret?: string;
  /** May webhooks lead to this machine and the networks behind it? */
  mayWebhooksGoInside?: boolean;
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

/** The notifier, all but the transport: CommandLog, ReplyChannel and ChangeLog come from a global module. */
@Module({})
export class NotifierModule {
  /** Brings the tables of this service up to date; the service does the same at its start. */
  static migrate(databaseUrl: string): Promise<void> {
    return migrate({ url: databaseUrl, schema: NOTIFIER_SCHEMA, migrations: notifierMigrations });
  }

  static forRoot(settings: NotifierSettings): DynamicModule {
    const { databaseUrl, logDays = LOG_DAYS, clock = new SystemClock() } = settings;
    const database = openDatabase({ url: databaseUrl, schema: NOTIFIER_SCHEMA, poolMax: 8 });
    const schema = new NotifierSchema(databaseUrl, database);
    const world = new OutsideWorld(settings.mayWebhooksGoInside === true);
    const webhooks = new Webhooks(database, settings.secret);
    const links = new StopLinks(database, schema, settings.publicUrl);
    const all = [
      new MailChannel(postman(settings), (directory, address) => links.link(directory, address)),
      new WebhookChannel(webhooks.find, world, () => clock.now()),
    ];
    return {
      module: NotifierModule,
      imports: [CqrsModule],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: NotifierSchema, useFactory: () => schema },
        { provide: LOG_DAYS_KEPT, useValue: logDays },
        { provide: OutsideWorld, useValue: world },
        { provide: Webhooks, useValue: webhooks },
        { provide: StopLinks, useFactory: () => links },
        { provide: Channels, useValue: { all } satisfies Channels },
        { provide: Readiness, useClass: NotifierReadiness },
        ActivityDoor,
        ActOnIncidentHandler,
        AddWebhookHandler,
        ChangesDoor,
        DirectoryClient,
        ExpiryDoor,
        FindIncidentsHandler,
        FindLogHandler,
        HealthWatch,
        Incidents,
        LogKeeper,
        NotifierDesk,
        NotifierDoor,
        Outbox,
        RecordActivitiesHandler,
        RemoveWebhookHandler,
        SendTestHandler,
        SetAddressesHandler,
        SetWishesHandler,
        ShowIncidentHandler,
        ShowLogHandler,
        ShowTellingHandler,
        Teller,
        UnsubscribeHandler,
      ],
      exports: [Readiness],
    };
  }
}

function postman({ mail, mailWritten }: NotifierSettings): Postman {
  if (mail.smtpUrl !== undefined) return new SmtpPostman(mail.smtpUrl, mail.from);
  const log = new Logger('Mail');
  return new FolderPostman(mail.folder, mail.from, mailWritten ?? ((path) => log.log(`Mail written to ${path}`)));
}
