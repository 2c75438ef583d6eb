// scim2-server 0.8.3, a SCIM server written by others, from PyPI in a virtual environment of its own; it keeps all in memory.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '../../dist/libs/testing/src/index.js';

const PACKAGE = 'scim2-server==0.8.3';
const HOME = join(homedir(), '.cache', 'roster', PACKAGE.replace('==', '-'));

function install() {
  if (existsSync(join(HOME, 'complete'))) return;
  mkdirSync(HOME, { recursive: true });
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', HOME],
    [join(HOME, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', PACKAGE],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  }
  mkdirSync(join(HOME, 'complete'));
}

/** Starts it on loopback; gives what the simulator needs to know of a server. */
export async function partner() {
  install();
  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  const args = ['--hostname', '127.0.0.1', '--port', String(port), '--bearer-token', token];
  const child = spawn(join(HOME, 'bin', 'scim2-server'), args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const base = await eventually(async () => {
    for (const url of [`http://127.0.0.1:${port}/v2`, `http://127.0.0.1:${port}`]) {
      const answer = await fetch(`${url}/ServiceProviderConfig`, { headers: { authorization: `Bearer ${token}` } });
      if (answer.status === 200) return url;
    }
    throw new Error('scim2-server does not answer yet');
  });
  return {
    url: base,
    token,
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
