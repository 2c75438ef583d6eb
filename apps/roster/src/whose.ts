import type { Command } from 'commander';
import type { Office } from './office.js';

export interface Whose {
  directory?: string;
  allDirectories?: true;
}

/** Options that say of which directory, or of all. */
export const whose = (command: Command, ofAll = 'of keys that reach all directories, for automation') =>
  command.option('--directory <directory>', 'id or name').option('--all-directories', ofAll);

/** The directory that is meant; null for all, which must have been said. */
export async function meant(office: Office, { directory, allDirectories }: Whose) {
  if ((directory === undefined) !== (allDirectories === true)) {
    throw new Error('Say which: --directory <directory>, or --all-directories.');
  }
  return directory === undefined ? null : office.directory(directory);
}
