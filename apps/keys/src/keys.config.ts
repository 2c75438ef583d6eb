import { z } from 'zod';
import { databaseUrl, portNumber, processSettings, readSettings } from '#libs/service';
import type { KeysSettings } from './keys.module.js';

const environment = z.object({ ...processSettings, DATABASE_URL: databaseUrl, PORT: portNumber.default(8082) });

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
