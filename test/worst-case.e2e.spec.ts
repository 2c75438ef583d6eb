import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SLOW_MS = 50;

it('the worst that fits into the limits holds nobody up for 50 ms', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['test/support/worst-case.mjs']);
  const found = Object.entries(JSON.parse(stdout) as Record<string, number>);
  expect(found.length).toBeGreaterThan(15);
  expect(found.filter(([, ms]) => ms >= SLOW_MS)).toEqual([]);
});
