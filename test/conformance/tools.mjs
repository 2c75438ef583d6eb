// The test tools of others, from PyPI in a virtual environment of their own, and what they say of a server.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['scim2-tester==0.5.2', 'scim2-cli==0.6.0', 'scim-sanity==0.7.4'];
const HOME = join(
  homedir(),
  '.cache',
  'roster',
  `conformance-${PACKAGES.map((name) => name.split('==')[1]).join('-')}`,
);
const TOOL_MS_MAX = 300_000;

/** Makes the environment once; later runs find it. */
export function install() {
  if (existsSync(join(HOME, 'complete'))) return;
  mkdirSync(HOME, { recursive: true });
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', HOME],
    [join(HOME, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  }
  mkdirSync(join(HOME, 'complete'));
}

function call(program, args, env = {}) {
  const { stdout, error, stderr } = spawnSync(join(HOME, 'bin', program), args, {
    encoding: 'utf8',
    timeout: TOOL_MS_MAX,
    maxBuffer: 1 << 28,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  if (error !== undefined) throw error;
  return { stdout, stderr };
}

/** What every tool gives: how many checks passed, and those that failed, with their words. */
export const runs = {
  'scim2-tester': ({ url, token }) => {
    const { stdout, stderr } = call('scim2', ['--url', url, 'test'], {
      SCIM_CLI_HEADERS: `Authorization: Bearer ${token}`,
    });
    const checks = [...stdout.matchAll(/^([A-Z]+) (\w+)$\n?((?: {2}.*\n?)*)/gm)].map(([, status, check, says]) => {
      return { tool: 'scim2-tester', status, check, says: says.trim() };
    });
    if (checks.length === 0) throw new Error(`scim2-tester checked nothing: ${stdout}${stderr}`);
    return split(checks, ({ status }) => status === 'SUCCESS' || status === 'SKIPPED');
  },
  'scim-sanity': (system) => sanity(system),
  'scim-sanity, Entra profile': (system) => sanity(system, '--profile', 'entra'),
};

function sanity({ url, token }, ...more) {
  const args = ['probe', url, '--token', token, '--i-accept-side-effects', '--json-output', ...more];
  const { stdout, stderr } = call('scim-sanity', args);
  let report;
  try {
    report = JSON.parse(stdout.slice(stdout.indexOf('{')));
  } catch {
    throw new Error(`scim-sanity gave no report: ${stdout}${stderr}`);
  }
  const checks = report.results.map(({ name, status, message = '', ...rest }) => {
    return { tool: 'scim-sanity', status, check: name, says: message || JSON.stringify(rest) };
  });
  return split(checks, ({ status }) => status === 'pass' || status === 'skip');
}

function split(checks, isFine) {
  const failed = checks.filter((check) => !isFine(check));
  return { passed: checks.filter(({ status }) => /^(SUCCESS|pass)$/.test(status)).length, failed };
}
