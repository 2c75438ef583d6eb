import { z } from 'zod';
import { type KafkaAccess, partitionCount, readSettings, secret, setting, withTls } from '#libs/service';
import { accessOf, brokerSettings } from './host.config.js';
import type { Keeper } from './places.js';

const password = (service: Keeper) =>
  secret(
    `the password that the role of ${service} gets`,
    z.string({ error: 'the password that this service’s role gets' }).min(8),
  );

/** Every setting of `npm run migrate`. */
export const migrateEnvironment = z.object({
  DATABASE_ADMIN_URL: secret(
    'the PostgreSQL URL of a role that may create roles and databases',
    z.url({ protocol: /^postgres(ql)?$/, error: 'the PostgreSQL URL of a role that may create roles and databases' }),
  ),
  DATABASE_TLS_CA_FILE: setting(
    'a PEM file with the authority that signed PostgreSQL’s certificate',
    z.string().optional(),
  ),
  DATABASE_NAME: setting('the database that is made', z.string().default('roster')),
  DIRECTORY_DATABASE_PASSWORD: password('directory'),
  KEYS_DATABASE_PASSWORD: password('keys'),
  NOTIFIER_DATABASE_PASSWORD: password('notifier'),
  ...brokerSettings,
  PARTITIONS: partitionCount,
});

export interface MigrateSettings {
  adminUrl: string;
  database: string;
  passwords: Record<Keeper, string>;
  /** Where topics are made; nowhere when no brokers are named. */
  kafka: KafkaAccess | undefined;
  partitions: number;
}

/** What `npm run migrate` is told by the environment; throws a SettingsError with all that is wrong. */
export function readMigrateSettings(environment: NodeJS.ProcessEnv): MigrateSettings {
  const read = readSettings(migrateEnvironment, environment);
  return {
    adminUrl: withTls(read.DATABASE_ADMIN_URL, read.DATABASE_TLS_CA_FILE),
    database: read.DATABASE_NAME,
    passwords: {
      directory: read.DIRECTORY_DATABASE_PASSWORD,
      keys: read.KEYS_DATABASE_PASSWORD,
      notifier: read.NOTIFIER_DATABASE_PASSWORD,
    },
    kafka: accessOf(read),
    partitions: read.PARTITIONS,
  };
}
