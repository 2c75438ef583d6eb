import { z } from 'zod';
import {
  databaseSettings,
  databaseUrlOf,
  operationsPort,
  processOf,
  type ProcessSettings,
  processSettings,
  readSettings,
  setting,
} from '#libs/service';
import type { DirectorySettings } from './directory.module.js';

/** Every setting of the directory service. */
export const directoryEnvironment = z.object({
  ...processSettings,
  ...databaseSettings,
  PORT: operationsPort(8081),
  ROSTER_FAIL_POINTS: setting('for tests: places at which the service fails on purpose', z.string().optional()),
});

/** What the directory service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readDirectorySettings(env: NodeJS.ProcessEnv): {
  service: DirectorySettings;
  process: ProcessSettings;
} {
  const read = readSettings(directoryEnvironment, env);
  return {
    service: {
      databaseUrl: databaseUrlOf(read),
      failPoints: read.ROSTER_FAIL_POINTS,
      partitions: read.PARTITIONS,
    },
    process: processOf(read),
  };
}
