import { z } from 'zod';
import { databaseUrl, portNumber, processSettings, readSettings } from '#libs/service';
import type { DirectorySettings } from './directory.module.js';

const environment = z.object({
  ...processSettings,
  DATABASE_URL: databaseUrl,
  PORT: portNumber.default(8081),
  ROSTER_FAIL_POINTS: z.string().optional(),
});

export interface DirectoryProcessSettings extends DirectorySettings {
  brokers: string[];
  port: number;
  host: string;
  logLevel: string;
}

/** What the directory service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readDirectorySettings(env: NodeJS.ProcessEnv): DirectoryProcessSettings {
  const read = readSettings(environment, env);
  return {
    databaseUrl: read.DATABASE_URL,
    failPoints: read.ROSTER_FAIL_POINTS,
    brokers: read.KAFKA_BROKERS,
    partitions: read.PARTITIONS,
    port: read.PORT,
    host: read.HOST,
    logLevel: read.LOG_LEVEL,
  };
}
