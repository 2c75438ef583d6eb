// Puts @roster/client together as others install it, in the folder that is named: the compiled sources of the client, the
// contracts that it hands on, and their types.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/pack-client.mjs <folder>');
  process.exit(2);
}
const target = resolve(folder);
mkdirSync(target, { recursive: true });
const options = ['-p', 'libs/client/tsconfig.json', '--outDir', target];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
copyFileSync(join(root, 'libs/client/npm/package.json'), join(target, 'package.json'));
copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
