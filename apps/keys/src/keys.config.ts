import { z } from 'zod';
import { readSettings } from '#libs/service';
import type { KeysSettings } from './keys.module.js';

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  KAFKA_BROKERS: z.string().transform((list) => list.split(',').map((broker) => broker.trim())),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8082),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  PARTITIONS: z.coerce.number().int().min(1).max(1024).default(16),
});

export interface KeysProcessSettings extends KeysSettings {
  brokers: string[];
  partitions: number;
  port: number;
  host: string;
  logLevel: string;
}

/** What the key service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readKeysSettings(env: NodeJS.ProcessEnv): KeysProcessSettings {
  const read = readSettings(environment, env);
  return {
    databaseUrl: read.DATABASE_URL,
    brokers: read.KAFKA_BROKERS,
    partitions: read.PARTITIONS,
    port: read.PORT,
    host: read.HOST,
    logLevel: read.LOG_LEVEL,
  };
}
