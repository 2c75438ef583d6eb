// Restarts two gateways and two directory services in turn under load: `npm run rolling -- --rounds 20`. Exit status 1 on any failed request.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) {
  console.error('--rounds takes a whole number above 0');
  process.exit(2);
}
const env = { ...process.env, ROSTER_ROLLING_ROUNDS: String(rounds) };
const { status } = spawnSync('node', ['scripts/jest.mjs', 'test/rolling'], { env, stdio: 'inherit' });
process.exit(status ?? 1);
