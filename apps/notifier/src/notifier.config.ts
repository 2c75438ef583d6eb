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

const SECRET_LENGTH_MIN = 32;

/** What the notifier keeps, seals and links to, wherever it runs. */
export const notifierSettings = {
  NOTIFIER_LOG_DAYS: setting(
    'for how many days the provisioning log keeps a request',
    z.coerce.number().int().min(1).max(3650).default(30),
  ),
  NOTIFIER_SECRET: secret(
    'seals the secrets that sign webhooks, at least 32 characters, the same for every notifier; without it there are no webhooks',
    z.string().min(SECRET_LENGTH_MIN).optional(),
  ),
  WEBHOOKS_INSIDE: setting(
    '`on`: webhooks may lead to addresses within, and over plain HTTP',
    z.enum(['off', 'on']).default('off'),
  ),
};

const mailEnvironment = z.object(mailSettings);

const linkSettings = {
  PUBLIC_URL: setting('how clients reach the gateway; http://localhost:8080 unless set', z.url().optional()),
};

/** Every setting of the notifier. */
export const notifierEnvironment = z.object({
  ...processSettings,
  ...databaseSettings,
  ...mailSettings,
  ...notifierSettings,
  ...linkSettings,
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

/** The settings of the notifier apart from its database and its mail, read. */
export const notifierOf = (read: z.infer<z.ZodObject<typeof notifierSettings>>) => ({
  logDays: read.NOTIFIER_LOG_DAYS,
  secret: read.NOTIFIER_SECRET,
  mayWebhooksGoInside: read.WEBHOOKS_INSIDE === 'on',
});

/** What the notifier is told by its environment when it is a process of its own; throws a SettingsError. */
export function readNotifierSettings(env: NodeJS.ProcessEnv): { service: NotifierSettings; process: ProcessSettings } {
  const read = readSettings(notifierEnvironment, env);
  const publicUrl = (read.PUBLIC_URL ?? 'http://localhost:8080').replace(/\/+$/, '');
  const service = { databaseUrl: databaseUrlOf(read), publicUrl, mail: mailOf(read), ...notifierOf(read) };
  return { service, process: processOf(read) };
}
