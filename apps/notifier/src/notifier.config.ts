import { join, resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrl, portNumber, processSettings, readSettings } from '#libs/service';
import type { NotifierSettings } from './notifier.module.js';

const mailEnvironment = z.object({
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$/, 'not an address such as Roster <roster@example.com>')
    .default('Roster <roster@localhost>'),
  ROSTER_DATA: z.string().default('data'),
});

const environment = mailEnvironment.extend({
  ...processSettings,
  DATABASE_URL: databaseUrl,
  PORT: portNumber.default(8083),
});

export interface NotifierProcessSettings extends NotifierSettings {
  brokers: string[];
  partitions: number;
  port: number;
  host: string;
  logLevel: string;
}

/** How mail leaves, alone: also for a host that gives the notifier its database and its log. Throws a SettingsError. */
export function readMailSettings(env: NodeJS.ProcessEnv): NotifierSettings['mail'] {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from, ROSTER_DATA: data } = readSettings(mailEnvironment, env);
  return { from, smtpUrl, folder: join(resolve(data), 'mail') };
}

/** What the notifier is told by its environment when it is a process of its own; throws a SettingsError. */
export function readNotifierSettings(env: NodeJS.ProcessEnv): NotifierProcessSettings {
  const read = readSettings(environment, env);
  return {
    databaseUrl: read.DATABASE_URL,
    mail: readMailSettings(env),
    brokers: read.KAFKA_BROKERS,
    partitions: read.PARTITIONS,
    port: read.PORT,
    host: read.HOST,
    logLevel: read.LOG_LEVEL,
  };
}
