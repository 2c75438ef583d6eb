import { z } from 'zod';
import {
  databaseSettings,
  databaseUrlOf,
  operationsPort,
  processOf,
  type ProcessSettings,
  processSettings,
  readSettings,
} from '#libs/service';
import type { KeysSettings } from './keys.module.js';

/** Every setting of the key service. */
export const keysEnvironment = z.object({ ...processSettings, ...databaseSettings, PORT: operationsPort(8082) });

/** What the key service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readKeysSettings(env: NodeJS.ProcessEnv): { service: KeysSettings; process: ProcessSettings } {
  const read = readSettings(keysEnvironment, env);
  return { service: { databaseUrl: databaseUrlOf(read) }, process: processOf(read) };
}
