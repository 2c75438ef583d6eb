// The systems that are compared: each on a data folder of its own, in one process or as services over a Kafka of its own.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase, startEmbeddedPostgres } from '../../dist/libs/postgres/src/index.js';
import { eventually, freePort, startKafka } from '../../dist/libs/testing/src/index.js';
import { fill } from './fill.mjs';

const run = promisify(execFile);
const PATH = process.env.PATH;
const PASSWORD = 'only-for-bench';

async function program(app, env, shown) {
  const child = spawn('node', [`dist/apps/${app}/src/main.js`], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let screen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (screen += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`${app} ended: ${screen}`);
      return screen.includes(shown);
    },
    { timeoutMs: 120_000 },
  );
  return {
    screen: () => screen,
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Asks for users until the first answer, as a client would that has been waiting. */
async function answers({ url, token }, name) {
  const filter = encodeURIComponent(`userName eq "${name}"`);
  await eventually(
    async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/Users?filter=${filter}`, { headers }).catch(() => undefined);
      await answer?.text();
      return answer?.status === 200;
    },
    { timeoutMs: 120_000 },
  );
}

/** What is measured is how much can be done, not how much a directory may ask for. */
const UNHURRIED = { DIRECTORY_REQUESTS_PER_SECOND: '0' };

/** `npm start` on this folder. */
export async function oneProcess(folder) {
  const port = await freePort();
  const env = { ROSTER_DATA: folder, GATEWAY_PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, ...UNHURRIED };
  const client = { url: `${env.PUBLIC_URL}/v2`, token: undefined };
  let running;
  const system = {
    ...client,
    /** Starts it and gives the milliseconds until it answered a question about a user. */
    async start(name) {
      const began = performance.now();
      running = await program('roster', env, 'Roster is ready');
      system.token ??= /^Secret Token: (\S+)$/m.exec(running.screen())?.[1];
      system.token ??= await newToken(env);
      await answers(system, name);
      return performance.now() - began;
    },
    stop: () => running.end('SIGTERM'),
    kill: () => running.end('SIGKILL'),
    /** Ends what still runs, after a failure too. */
    remove: () => running?.end('SIGKILL'),
  };
  return system;
}

async function newToken(env) {
  const administer = async (...args) =>
    (await run('node', ['dist/apps/roster/src/roster.js', 'key', ...args], { env: { PATH, ...env } })).stdout;
  // A folder that was filled once may serve many runs, each with a key of its own.
  await administer('allow', '--live', '1000', '--directory', 'default');
  return JSON.parse(await administer('create', '--directory', 'default', '--json')).token;
}

/** Gateway, directory and keys as processes, on the cluster of this folder and a broker of their own. */
export async function services(folder) {
  const [kafka, postgres] = await Promise.all([
    startKafka(),
    startEmbeddedPostgres({ dataFolder: join(folder, 'postgres') }),
  ]);
  const roles = ['DIRECTORY', 'KEYS', 'NOTIFIER'].map((role) => [`${role}_DATABASE_PASSWORD`, PASSWORD]);
  const admin = { DATABASE_ADMIN_URL: postgres.adminUrl, DATABASE_NAME: 'roster', ...Object.fromEntries(roles) };
  await run('node', ['dist/apps/roster/src/migrate.js'], { env: { PATH, ...admin } });
  await forgetOffsets(postgres.adminUrl);
  const port = await freePort();
  const common = { KAFKA_BROKERS: kafka.brokers, LOG_LEVEL: 'info', PUBLIC_URL: `http://127.0.0.1:${port}` };
  const urlOf = (role) =>
    Object.assign(new URL(postgres.adminUrl), { username: role, password: PASSWORD, pathname: '/roster' }).href;
  const ports = { directory: await freePort(), keys: await freePort(), gateway: await freePort() };
  let running = [];
  const launch = (name) =>
    program(
      name,
      { ...common, DATABASE_URL: urlOf(name), PORT: String(ports[name]), GATEWAY_PORT: String(port), ...UNHURRIED },
      'is up on port',
    );
  const end = (signal) => Promise.all(running.map((one) => one.end(signal)));
  const system = {
    url: `${common.PUBLIC_URL}/v2`,
    token: undefined,
    async start(name) {
      const began = performance.now();
      running = await Promise.all(['gateway', 'directory', 'keys'].map(launch));
      if (system.token === undefined) system.token = await newToken(common);
      await answers(system, name);
      return performance.now() - began;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    /** Everything that the table holds is on the topic. */
    async published() {
      const database = openDatabase({ url: urlOf('directory'), schema: 'directory', poolMax: 1 });
      const text = 'select bool_and(published_position = last_position) as done from partition_owner';
      await eventually(async () => (await database.query('', text))[0].done, { timeoutMs: 600_000 });
      await database.close();
    },
    async remove() {
      await end('SIGKILL');
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
  return system;
}

/** Offsets are those of a bus that has ended with its process; a new broker counts from its own beginning. */
async function forgetOffsets(adminUrl) {
  const url = Object.assign(new URL(adminUrl), { pathname: '/roster' }).href;
  const database = openDatabase({ url, schema: 'directory', poolMax: 1 });
  await database.query('', 'update partition_owner set next_offset = null');
  await database.close();
}

/** Makes a system on an empty folder, stops it, and puts users into its directory `default`. */
export async function makeFilled(folder, users, progress) {
  const fresh = await oneProcess(folder);
  await fresh.start('nobody');
  await fresh.stop();
  const server = await startEmbeddedPostgres({ dataFolder: join(folder, 'postgres') });
  const url = Object.assign(new URL(server.adminUrl), { pathname: '/roster' }).href;
  const database = openDatabase({ url, schema: 'directory', poolMax: 1 });
  const [{ id }] = await database.query('', `select id from directory where name = 'default'`);
  await fill({ url, directory: id, from: 0, to: users, progress });
  // In a system that had grown in weeks, all would be published, and vacuumed by the server on its own.
  await database.query('', 'update partition_owner set published_position = last_position');
  await database.query('', 'vacuum (analyze)');
  const [{ events }] = await database.query('', 'select count(*) as events from event');
  await database.close();
  await server.stop();
  return { events, token: fresh.token };
}
