// What is measured: Roster as services and in one process, and its peers. Each starts on loopback and gives a URL.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PEERS, scimmyFolder } from './peers/folder.mjs';
import { eventually, freePort, startKafka, startPostgres } from '../dist/libs/testing/src/index.js';

const run = promisify(execFile);

/** Starts a program and waits until its screen shows something. */
async function start(file, args, env, shown, cwd = process.cwd()) {
  const child = spawn(file, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let screen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (screen += chunk));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`${args[0]} ended: ${screen}`);
      return screen.includes(shown);
    },
    { timeoutMs: 60_000 },
  );
  return {
    screen: () => screen,
    memoryMb: () =>
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

const roster = async (env, ...args) =>
  (await run('node', ['dist/apps/roster/src/roster.js', ...args], { env: { PATH: process.env.PATH, ...env } })).stdout;

async function newKey(env) {
  const { id } = JSON.parse(await roster(env, 'directory', 'create', '--name', `bench ${Math.random()}`, '--json'));
  return JSON.parse(await roster(env, 'key', 'create', '--directory', id, '--json'));
}

/** Gateway, directory and keys as three processes over Kafka and PostgreSQL. */
export async function services() {
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const password = 'only-for-bench';
  const database = `bench_${Date.now()}`;
  const roles = ['DIRECTORY', 'KEYS', 'NOTIFIER'].map((role) => [`${role}_DATABASE_PASSWORD`, password]);
  execFileSync('node', ['dist/apps/roster/src/migrate.js'], {
    env: {
      PATH: process.env.PATH,
      DATABASE_ADMIN_URL: postgres.adminUrl,
      DATABASE_NAME: database,
      ...Object.fromEntries(roles),
    },
  });
  const port = await freePort();
  const common = { KAFKA_BROKERS: kafka.brokers, LOG_LEVEL: 'warn', PUBLIC_URL: `http://127.0.0.1:${port}` };
  const launch = async (name) => {
    const url = new URL(postgres.adminUrl);
    Object.assign(url, { username: name, password, pathname: `/${database}` });
    const env = { ...common, DATABASE_URL: url.href, PORT: String(await freePort()), GATEWAY_PORT: String(port) };
    return start('node', [`dist/apps/${name}/src/main.js`], { ...env, LOG_LEVEL: 'info' }, 'is up on port');
  };
  const [gateway, directory, keys] = await Promise.all(['gateway', 'directory', 'keys'].map(launch));
  const key = await newKey(common);
  return {
    name: 'Roster, services over Kafka',
    url: key.tenantUrl,
    token: key.token,
    brokers: kafka.brokers,
    memoryMb: () => ({ gateway: gateway.memoryMb(), directory: directory.memoryMb() }),
    async stop() {
      await Promise.all([gateway, directory, keys].map((program) => program.stop()));
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
}

/** `npm start`: all in one process on the embedded PostgreSQL, with its real (synchronous) writes. */
export async function embedded() {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'));
  const port = await freePort();
  const env = { ROSTER_DATA: folder, GATEWAY_PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  const program = await start('node', ['dist/apps/roster/src/main.js'], env, 'Roster is ready');
  return {
    name: 'Roster, one process',
    url: `${env.PUBLIC_URL}/v2`,
    token: /^Secret Token: (\S+)$/m.exec(program.screen())[1],
    memoryMb: () => program.memoryMb(),
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A bare Fastify that parses a body and answers it: the most that HTTP on this machine gives. */
export async function echo() {
  const port = await freePort();
  const program = await start('node', ['bench/peers/echo.mjs', String(port)], {}, 'ready');
  return { name: 'bare Fastify echo', url: `http://127.0.0.1:${port}/v2`, token: 'x', stop: () => program.stop() };
}

/** SCIMMY with its own routers on Express, users in a map in memory. */
export async function scimmy() {
  const folder = scimmyFolder();
  writeFileSync(join(folder, 'scimmy.mjs'), readFileSync('bench/peers/scimmy.mjs', 'utf8'));
  const port = await freePort();
  const program = await start('node', ['scimmy.mjs', String(port)], {}, 'ready', folder);
  return {
    name: `SCIMMY ${PEERS.scimmy} in memory`,
    url: `http://127.0.0.1:${port}/scim/v2`,
    token: 'x',
    stop: () => program.stop(),
  };
}
