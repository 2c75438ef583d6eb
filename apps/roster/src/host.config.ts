import { resolve } from 'node:path';
import { z } from 'zod';
import { brokerList, logLevel, partitionCount, portNumber, readSettings } from '#libs/service';

const settings = z.object({
  GATEWAY_PORT: portNumber.default(8080),
  HOST: z.string().default('127.0.0.1'),
  ROSTER_DATA: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: z.url().optional(),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default('Roster <roster@localhost>'),
  KAFKA_BROKERS: brokerList.optional(),
  PARTITIONS: partitionCount,
  LOG_LEVEL: logLevel.default('warn'),
});

export type HostSettings = z.infer<typeof settings>;

/** What `npm start` and the command line are told by the environment; throws a SettingsError with all that is wrong. */
export const readHostSettings = (environment: NodeJS.ProcessEnv): HostSettings => readSettings(settings, environment);

/** Where administrators reach the gateway, without a slash at the end. */
export const publicUrl = ({ PUBLIC_URL, GATEWAY_PORT }: HostSettings): string =>
  (PUBLIC_URL ?? `http://localhost:${GATEWAY_PORT}`).replace(/\/+$/, '');
