// The start-up smoke test: `npm start` on an empty folder becomes ready, serves SCIM with the key it shows, and ends cleanly.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS_MAX = 120_000;

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const data = mkdtempSync(join(tmpdir(), 'roster-smoke-'));
const child = spawn('npm', ['start'], {
  env: { ...process.env, ROSTER_DATA: data, GATEWAY_PORT: String(port), PUBLIC_URL: '' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let screen = '';
const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
try {
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('not ready in time')), READY_MS_MAX);
    const read = (chunk) => {
      screen += chunk;
      if (screen.includes('Roster is ready')) resolve(clearTimeout(late));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => reject(new Error('it ended before it was ready')));
  });
  const token = /^Secret Token: (\S+)$/m.exec(screen)?.[1];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const base = `http://127.0.0.1:${port}/v2`;
  const created = await fetch(`${base}/Users`, { method: 'POST', headers, body: '{"userName":"ada@example.com"}' });
  if (created.status !== 201) throw new Error(`a create was answered ${created.status}: ${await created.text()}`);
  const found = await (await fetch(`${base}/Users?filter=userName+eq+%22ADA%40example.com%22`, { headers })).json();
  if (found.totalResults !== 1) throw new Error(`the new user is not found: ${JSON.stringify(found)}`);
  child.kill('SIGINT');
  const code = await ended;
  if (code !== 0 && code !== 130) throw new Error(`it ended with status ${code}`);
  if (!screen.includes('Roster has ended')) throw new Error('it did not end cleanly');
  console.log('start, create, find, end: all well');
} catch (error) {
  console.error(`${error.message}\n${screen}`);
  process.exitCode = 1;
} finally {
  child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
}
