import { resolve } from 'node:path';
import { z } from 'zod';
import {
  type KafkaAccess,
  kafkaAccess,
  kafkaSettings,
  logLevelSetting,
  commonSettings,
  partitionCount,
  portNumber,
  readSettings,
  secret,
  setting,
  withTls,
} from '#libs/service';
import { askedSettings, publicUrlOf, servingSettings } from '../../gateway/src/gateway.config.js';
import { issuerSettings } from '../../keys/src/keys.config.js';
import { mailSettings, notifierSettings } from '../../notifier/src/notifier.config.js';

const dataFolder = setting(
  'where everything is kept',
  z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
);

/** How the brokers are reached, where the bus within the process would do as well. */
export const brokerSettings = {
  ...kafkaSettings,
  KAFKA_BROKERS: setting(
    'Kafka brokers (host:port, with commas) to use instead of the bus within the process',
    kafkaSettings.KAFKA_BROKERS.optional(),
  ),
};

/** Every setting of `npm start`. */
export const hostEnvironment = z.object({
  ...commonSettings,
  ...servingSettings,
  ...askedSettings,
  ...mailSettings,
  ...notifierSettings,
  ...issuerSettings,
  ...brokerSettings,
  ROSTER_DATA: dataFolder,
  DATABASE_URL: secret(
    'a PostgreSQL 17 or later to use instead of the embedded one; the role must be able to create roles and databases',
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ),
  DATABASE_TLS_CA_FILE: setting(
    'a PEM file with the authority that signed PostgreSQL’s certificate',
    z.string().optional(),
  ),
  PORT: setting('where health and metrics are served; nowhere unless set', portNumber.optional()),
  LOG_LEVEL: logLevelSetting('warn'),
});

/** Every setting of the command line. */
export const commandLineEnvironment = z.object({
  ...servingSettings,
  ...brokerSettings,
  ROSTER_DATA: dataFolder,
  PARTITIONS: partitionCount,
});

export type HostSettings = z.infer<typeof hostEnvironment>;
export type CommandLineSettings = z.infer<typeof commandLineEnvironment>;

/** What `npm start` is told by the environment; throws a SettingsError with all that is wrong. */
export const readHostSettings = (environment: NodeJS.ProcessEnv): HostSettings =>
  readSettings(hostEnvironment, environment);

/** What the command line is told by the environment; throws a SettingsError with all that is wrong. */
export const readCommandLineSettings = (environment: NodeJS.ProcessEnv): CommandLineSettings =>
  readSettings(commandLineEnvironment, environment);

type Brokers = z.infer<z.ZodObject<typeof brokerSettings>>;

/** How the brokers are reached; undefined when the bus is within the process. */
export function accessOf(read: Brokers): KafkaAccess | undefined {
  const { KAFKA_BROKERS } = read;
  return KAFKA_BROKERS === undefined ? undefined : kafkaAccess({ ...read, KAFKA_BROKERS });
}

/** The database server to use instead of the embedded one. */
export const adminUrlOf = ({ DATABASE_URL, DATABASE_TLS_CA_FILE }: HostSettings): string | undefined =>
  DATABASE_URL === undefined ? undefined : withTls(DATABASE_URL, DATABASE_TLS_CA_FILE);

/** Where administrators reach the gateway, without a slash at the end. */
export const publicUrl = publicUrlOf;
