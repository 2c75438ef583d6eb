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
import type { KeysSettings } from './keys.module.js';

/** What whoever signs tokens is told, the key service or the one process. */
export const issuerSettings = {
  PRIVATE_ISSUERS: setting(
    'private networks (addresses or ranges, with commas) whose token issuers are asked for their keys, for OAuth clients that show assertions',
    z
      .string()
      .default('')
      .transform((list) => list.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))),
  ),
};

/** Every setting of the key service. */
export const keysEnvironment = z.object({
  ...processSettings,
  ...databaseSettings,
  ...issuerSettings,
  PORT: operationsPort(8082),
});

/** What the key service is told by its environment when it is a process of its own; throws a SettingsError. */
export function readKeysSettings(env: NodeJS.ProcessEnv): { service: KeysSettings; process: ProcessSettings } {
  const read = readSettings(keysEnvironment, env);
  return {
    service: { databaseUrl: databaseUrlOf(read), privateIssuers: read.PRIVATE_ISSUERS },
    process: processOf(read),
  };
}
