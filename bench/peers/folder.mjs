// Peers from npm, in a folder of the cache: nothing of Roster depends on them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const PEERS = { scimmy: '1.3.5', 'scimmy-routers': '1.3.2', express: '5.1.0' };

/** The folder in which SCIMMY is installed; the first call installs it. */
export function scimmyFolder() {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'roster', 'bench-peers');
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: PEERS });
  if (!existsSync(join(folder, 'package.json')) || readFileSync(join(folder, 'package.json'), 'utf8') !== manifest) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
  }
  return folder;
}
