import { z } from 'zod';
import { readSettings } from '#libs/service';

const settings = z.object({
  DATABASE_URL: z.string({ error: 'the PostgreSQL URL of this service’s own role' }),
  KAFKA_BROKERS: z.string({ error: 'the Kafka brokers, as host:port,host:port' }).transform((text) => text.split(',')),
  PARTITIONS: z.coerce.number().int().min(1).max(1024).default(16),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.string().default('info'),
});

export type DirectorySettings = z.infer<typeof settings>;

/** What the directory service is told by its environment; throws a SettingsError with the whole list of what is wrong. */
export const readDirectorySettings = (environment: NodeJS.ProcessEnv): DirectorySettings =>
  readSettings(settings, environment);
