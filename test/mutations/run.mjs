// Takes every safeguard out, one by one, in a copy of the repository, and runs the test that must then turn red.
// A safeguard whose test stays green is not proved by it. `npm run test:mutations [-- <part of a name>]`
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { safeguards } from './safeguards.mjs';

const RUN_MS_MAX = 400_000;

const wanted = process.argv[2] ?? '';
const { startKafka, startPostgres } = await import('../../dist/libs/testing/src/index.js');
const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
const copy = mkdtempSync(join(tmpdir(), 'roster-mutations-'));
for (const file of execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).split('\n')) {
  if (file === '') continue;
  mkdirSync(join(copy, dirname(file)), { recursive: true });
  cpSync(file, join(copy, file));
}
symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));

const env = {
  ...process.env,
  KAFKA_BROKERS: kafka.brokers,
  DATABASE_ADMIN_URL: postgres.adminUrl,
  ROSTER_TEST_SERVERS: 'none',
};
const run = (command, args) =>
  spawnSync(command, args, { cwd: copy, env, encoding: 'utf8', timeout: RUN_MS_MAX, maxBuffer: 1 << 28 });

/** Runs the test on the copy as it stands; `red` only when a test failed, not when nothing could be run, with its name. */
function outcome({ test, only, isBuilt }) {
  if (isBuilt) {
    const built = run('node', ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
    if (built.status !== 0) return { found: `does not build: ${built.stdout}` };
  }
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  run('node', [
    'scripts/jest.mjs',
    test,
    '--forceExit',
    '--json',
    `--outputFile=${report}`,
    ...(only ? ['-t', only] : []),
  ]);
  try {
    const { numFailedTests, numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (numFailedTests > 0) return { found: 'red', by: all.find(({ status }) => status === 'failed')?.fullName };
    return { found: numPassedTests > 0 ? 'green' : 'no test was run' };
  } catch {
    return { found: 'red', by: 'it hung until its end, or brought the whole run down' };
  }
}

let wrong = 0;
try {
  for (const safeguard of safeguards.filter(({ name }) => name.includes(wanted))) {
    const path = join(copy, safeguard.file);
    const whole = readFileSync(path, 'utf8');
    const parts = whole.split(safeguard.from);
    let result = { found: `its text is ${parts.length - 1} times in ${safeguard.file}` };
    if (parts.length === 2) {
      writeFileSync(path, parts.join(safeguard.to));
      result = outcome(safeguard);
      writeFileSync(path, whole);
    }
    const { found, by } = result;
    if (found !== 'red') wrong += 1;
    console.log(`${found === 'red' ? 'red, as it must be' : `WRONG (${found})`}: without ${safeguard.name}`);
    if (by !== undefined) console.log(`     ${by}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
  await Promise.all([kafka.stop(), postgres.stop()]);
}
console.log(wrong === 0 ? 'Every safeguard is proved by a test.' : `${wrong} safeguards are not proved.`);
process.exit(wrong === 0 ? 0 : 1);
