// Installs and builds what is missing, and does neither a second time: what `npm start` and `npm test` run first.
// Plain Node 20 or later and no packages, since on a fresh clone there are none yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Roster installs itself with Node.js 20.19 or later; this is ${process.version}. Install a newer Node.js.`,
  );
  process.exit(1);
}

function run(what, command, args) {
  console.error(what);
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  console.error(`${command} ${args.join(' ')} failed; what it said is above.`);
  process.exit(1);
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

/** Content for what is small, size and time for the sources: a second call must cost milliseconds. */
const sha = (parts) => createHash('sha256').update(parts.join('\0')).digest('hex');
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

const installStamp = 'node_modules/.roster-installed';
const installed = sha([read('package-lock.json'), read('package.json').replace(/"scripts": \{[^}]*\}/, '')]);
if (read(installStamp) !== installed) {
  run('Installing packages (once, about a minute) …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installStamp, installed);
}

const sources = ['apps', 'libs'].flatMap((folder) => [...files(folder)]).filter((path) => path.endsWith('.ts'));
const settings = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];
const built = sha(
  [...sources, ...settings].map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  }),
);
const buildStamp = 'dist/.roster-built';
if (read(buildStamp) !== built) {
  rmSync('dist', { recursive: true, force: true });
  run('Building …', 'node_modules/.bin/node', ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
  mkdirSync('dist', { recursive: true });
  writeFileSync(buildStamp, built);
}
