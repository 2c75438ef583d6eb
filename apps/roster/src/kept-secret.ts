import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret of this system, made when it is first needed and kept in a file of the data folder that only this user may read. */
export async function keptSecret(dataFolder: string, name: string): Promise<string> {
  const path = join(dataFolder, name);
  const fresh = randomBytes(32).toString('base64url');
  await writeFile(path, `${fresh}\n`, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return (await readFile(path, 'utf8')).trim();
}
