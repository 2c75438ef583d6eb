// The fault run of test/invariants for as long as is asked: `npm run soak -- --minutes 60`. Exit status 1 on any violation.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes takes a number above 0');
  process.exit(2);
}
const env = { ...process.env, ROSTER_SOAK_MINUTES: String(minutes), ROSTER_TEST_SERVERS: 'none' };
const { status } = spawnSync('node', ['scripts/jest.mjs', 'test/invariants/faults'], { env, stdio: 'inherit' });
process.exit(status ?? 1);
