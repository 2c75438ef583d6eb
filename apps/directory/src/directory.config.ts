import { z } from 'zod';
import { databaseUrl, portNumber, processSettings, readSettings } from '#libs/service';

const environment = z.object({ ...processSettings, DATABASE_URL: databaseUrl, PORT: portNumber.default(8081) });

export interface DirectoryProcessSettings {
  databaseUrl: string;
  brokers: string[];
  partitions: number;
  port: number;
  host: string;
  logLevel: string;
}

/** What the directory service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readDirectorySettings(env: NodeJS.ProcessEnv): DirectoryProcessSettings {
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
