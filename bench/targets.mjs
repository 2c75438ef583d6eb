// What is measured: Roster as services and in one process, and its peers. Each starts on loopback and gives a URL.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PEERS, scimmyFolder } from './peers/folder.mjs';
import { memoryMbOf } from './processes.mjs';
import { startEmbeddedPostgres } from '../dist/libs/postgres/src/index.js';
import { eventually, freePort, startKafka } from '../dist/libs/testing/src/index.js';

const run = promisify(execFile);
const SCIM2_SERVER = '0.8.3';
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'roster');

/** What is not in this project's own list of packages. */
export const peerVersions = { ...PEERS, 'scim2-server': SCIM2_SERVER };
/** What is measured is how much can be done, not how much a directory may ask for. */
const UNHURRIED = { DIRECTORY_REQUESTS_PER_SECOND: '0' };

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
    pid: child.pid,
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

/** The server at DATABASE_ADMIN_URL, else the embedded one, which here writes to the disk before it says that it has. */
async function startPostgres() {
  const given = process.env.DATABASE_ADMIN_URL ?? '';
  if (given !== '') return { adminUrl: given, stop: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-postgres-'));
  const server = await startEmbeddedPostgres({ dataFolder: folder });
  return {
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
  const common = {
    KAFKA_BROKERS: kafka.brokers,
    LOG_LEVEL: 'warn',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...UNHURRIED,
  };
  const launch = async (name) => {
    const url = new URL(postgres.adminUrl);
    Object.assign(url, { username: name, password, pathname: `/${database}` });
    const env = { ...common, DATABASE_URL: url.href, PORT: String(await freePort()), GATEWAY_PORT: String(port) };
    // More for Node, such as --cpu-prof: BENCH_NODE_GATEWAY and so on.
    const more = process.env[`BENCH_NODE_${name.toUpperCase()}`]?.split(' ') ?? [];
    return start('node', [...more, `dist/apps/${name}/src/main.js`], { ...env, LOG_LEVEL: 'info' }, 'is up on port');
  };
  const running = {};
  const launchAll = (names) => Promise.all(names.map(async (name) => (running[name] = await launch(name))));
  await launchAll(['gateway', 'directory', 'keys']);
  const key = await newKey(common);
  return {
    name: 'Roster, services over Kafka',
    url: key.tenantUrl,
    token: key.token,
    brokers: kafka.brokers,
    get pids() {
      return Object.fromEntries(Object.entries(running).map(([name, { pid }]) => [name, pid]));
    },
    memoryMb: () => ({ gateway: memoryMbOf(running.gateway.pid), directory: memoryMbOf(running.directory.pid) }),
    /** New processes, whose memory has nothing in it of what was before. */
    async restart() {
      await Promise.all([running.gateway, running.directory].map((program) => program.stop()));
      await launchAll(['gateway', 'directory']);
    },
    async stop() {
      await Promise.all(Object.values(running).map((program) => program.stop()));
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
}

/** `npm start`: all in one process on the embedded PostgreSQL, with its real (synchronous) writes. */
export async function embedded() {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'));
  const port = await freePort();
  const env = {
    ROSTER_DATA: folder,
    GATEWAY_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...UNHURRIED,
  };
  const program = await start('node', ['dist/apps/roster/src/main.js'], env, 'Roster is ready');
  return {
    name: 'Roster, one process',
    pids: { roster: program.pid },
    url: `${env.PUBLIC_URL}/v2`,
    token: /^Secret Token: (\S+)$/m.exec(program.screen())[1],
    memoryMb: () => ({ roster: memoryMbOf(program.pid) }),
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
  return {
    name: 'bare Fastify echo',
    pids: { echo: program.pid },
    url: `http://127.0.0.1:${port}/v2`,
    token: 'x',
    stop: () => program.stop(),
  };
}

/** SCIMMY with its own routers on Express, users in a map in memory. */
export async function scimmy() {
  const folder = scimmyFolder();
  writeFileSync(join(folder, 'scimmy.mjs'), readFileSync('bench/peers/scimmy.mjs', 'utf8'));
  const port = await freePort();
  const program = await start('node', ['scimmy.mjs', String(port)], {}, 'ready', folder);
  return {
    name: `SCIMMY ${PEERS.scimmy} in memory`,
    pids: { scimmy: program.pid },
    url: `http://127.0.0.1:${port}/scim/v2`,
    token: 'x',
    stop: () => program.stop(),
  };
}

/** scim2-server from PyPI, which keeps users in memory, in a virtual environment of its own. */
export async function scim2() {
  const folder = join(CACHE, `scim2-server-${SCIM2_SERVER}`);
  const program = join(folder, 'bin', 'scim2-server');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    const args = ['install', '--quiet', '--disable-pip-version-check', `scim2-server==${SCIM2_SERVER}`];
    execFileSync(join(folder, 'bin', 'pip'), args, { stdio: 'inherit' });
  }
  const port = await freePort();
  const server = await start(program, ['--port', String(port), '--bearer-token', 'x'], {}, '');
  await eventually(() => fetch(`http://127.0.0.1:${port}/v2/ServiceProviderConfig`), { timeoutMs: 30_000 });
  return {
    name: `scim2-server ${SCIM2_SERVER} in memory`,
    pids: { scim2: server.pid },
    mayBreakOff: true, // its server takes one connection after another, and resets what comes at once beyond a handful
    url: `http://127.0.0.1:${port}/v2`,
    token: 'x',
    stop: () => server.stop(),
  };
}
