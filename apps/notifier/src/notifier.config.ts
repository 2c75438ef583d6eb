import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  databaseSettings,
  databaseUrlOf,
  operationsPort,
  processOf,
  type ProcessSettings,
  processSettings,
  readSettings,
  secret,
  setting,
} from '#libs/service';
import type { NotifierSettings } from './notifier.module.js';

/** How mail leaves, whoever sends it: the notifier, or the one process. */
export const mailSettings = {
  SMTP_URL: secret(
    'where mail goes, as smtp://user:password@host:port; without it mails are files below the data folder',
    z.url({ protocol: /^smtps?$/ }).optional(),
  ),
  MAIL_FROM: setting(
    'the sender of mails',
    z
      .string()
      .regex(/^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$/, 'not an address such as Roster <roster@example.com>')
      .default('Roster <roster@localhost>'),
  ),
  ROSTER_DATA: setting('the data folder', z.string().default('data')),
};

/** What the notifier keeps and for how long, wherever it runs. */
export const logSettings = {
  NOTIFIER_LOG_DAYS: setting(
    'for how many days the provisioning log keeps a request',
    z.coerce.number().int().min(1).max(3650).default(30),
  ),
};

const mailEnvironment = z.object(mailSettings);

/** Every setting of the notifier. */
export const notifierEnvironment = z.object({
  ...processSettings,
  ...databaseSettings,
  ...mailSettings,
  ...logSettings,
  PORT: operationsPort(8083),
});

/** How mail leaves, alone: also for a host that gives the notifier its database and its log. Throws a SettingsError. */
export function readMailSettings(env: NodeJS.ProcessEnv): NotifierSettings['mail'] {
  return mailOf(readSettings(mailEnvironment, env));
}

export const mailOf = (read: z.infer<typeof mailEnvironment>): NotifierSettings['mail'] => ({
  from: read.MAIL_FROM,
  smtpUrl: read.SMTP_URL,
  folder: join(resolve(read.ROSTER_DATA), 'mail'),
});

/** What the notifier is told by its environment when it is a process of its own; throws a SettingsError. */
export function readNotifierSettings(env: NodeJS.ProcessEnv): { service: NotifierSettings; process: ProcessSettings } {
  const read = readSettings(notifierEnvironment, env);
  const service = { databaseUrl: databaseUrlOf(read), logDays: read.NOTIFIER_LOG_DAYS, mail: mailOf(read) };
  return { service, process: processOf(read) };
}
