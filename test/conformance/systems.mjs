// The two ways in which a gateway runs, started by their programs in dist on loopback, each with a key.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startKafka, startPostgres } from '../../dist/libs/testing/src/index.js';

const run = promisify(execFile);
const READY_MS_MAX = 60_000;
const PASSWORD = 'only-for-tests';
/** The tools ask as often as they can. */
const UNHURRIED = { DIRECTORY_REQUESTS_PER_SECOND: '0' };

/** Starts a program and resolves when its screen shows what is waited for. */
async function start(app, environment, ready) {
  const child = spawn(process.execPath, [`dist/apps/${app}/src/main.js`], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let screen = '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${app} was not ready in time: ${screen}`)), READY_MS_MAX);
    const read = (chunk) => {
      screen += chunk;
      if (screen.includes(ready)) resolve(clearTimeout(late));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(() => reject(new Error(`${app} ended: ${screen}`)));
  });
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { screen: () => screen, end };
}

const roster = async (environment, ...args) => {
  const env = { PATH: process.env.PATH, ...environment };
  const { stdout } = await run(process.execPath, ['dist/apps/roster/src/roster.js', ...args, '--json'], { env });
  return JSON.parse(stdout);
};

/** Everything in one process. */
export async function embedded() {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'roster-conformance-'));
  const url = `http://127.0.0.1:${port}`;
  const environment = { ROSTER_DATA: folder, GATEWAY_PORT: String(port), PUBLIC_URL: url, ...UNHURRIED };
  const program = await start('roster', environment, 'Roster is ready');
  const token = /^Secret Token: (\S+)$/m.exec(program.screen())?.[1];
  const end = async () => {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `${url}/v2`, token, end };
}

/** Four processes on a real Kafka and a real PostgreSQL. */
export async function services() {
  const undo = [];
  const end = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const kafka = await startKafka();
    undo.push(() => kafka.stop());
    const postgres = await startPostgres();
    undo.push(() => postgres.stop());
    const folder = await mkdtemp(join(tmpdir(), 'roster-conformance-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const urlOf = await provision(postgres.adminUrl);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const common = { KAFKA_BROKERS: kafka.brokers, ROSTER_DATA: folder, PUBLIC_URL: url, ...UNHURRIED };
    for (const service of ['directory', 'keys', 'notifier', 'gateway']) {
      const own =
        service === 'gateway'
          ? { GATEWAY_PORT: String(port), PORT: String(await freePort()) }
          : { DATABASE_URL: urlOf(service), PORT: String(await freePort()) };
      const program = await start(service, { ...common, ...own }, 'is up on port');
      undo.push(() => program.end());
    }
    const made = await roster(common, 'directory', 'create', '--name', randomUUID());
    const { token } = await roster(common, 'key', 'create', '--directory', made.id);
    return { url: `${url}/v2`, token, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function provision(adminUrl) {
  const name = `conformance_${randomUUID().replaceAll('-', '')}`;
  const passwords = Object.fromEntries(
    ['DIRECTORY', 'KEYS', 'NOTIFIER'].map((service) => [`${service}_DATABASE_PASSWORD`, PASSWORD]),
  );
  const env = { DATABASE_ADMIN_URL: adminUrl, DATABASE_NAME: name, ...passwords };
  await run(process.execPath, ['dist/apps/roster/src/migrate.js'], { env });
  return (role) => {
    const url = new URL(adminUrl);
    Object.assign(url, { username: role, password: PASSWORD, pathname: `/${name}` });
    return url.href;
  };
}
