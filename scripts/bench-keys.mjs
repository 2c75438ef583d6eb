// What is promised of keys, whole: 1,000 revocations and 100 rotations under load with four gateways, Kafka cut off for a minute,
// a flood of one directory beside another, a search for every secret, and what a check of a key costs. Exit status 1 when one
// of them does not hold. `npm test` has them all in a shorter form.
import { spawnSync } from 'node:child_process';

const env = { ...process.env, ROSTER_KEYS_PROOFS: 'whole' };
const { status } = spawnSync(
  'node',
  ['scripts/jest.mjs', 'test/keys/proofs', 'test/keys/flood', 'apps/gateway/src/key-check', ...process.argv.slice(2)],
  {
    env,
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
