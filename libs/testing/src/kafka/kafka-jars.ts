import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { brokerSettings, KAFKA_VERSION, type Listener, type TestKafka } from './kafka-settings.js';

const run = promisify(execFile);
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 5_000;
const SAID_MAX = 4_000;
const MEMORY = ['-Xms256m', '-Xmx512m'];
// The second one lets the broker say why it cannot start.
const JARS = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4'],
];
const CLUSTER_ID = 'cm9zdGVyLXRlc3RzLTAwMQ';

/** The broker as a process of its own, from jars that are fetched once. Throws when Java or Maven is missing. */
export async function startFromJars(): Promise<TestKafka> {
  const port = await freePort();
  const broker = await makeBroker([{ port, advertisedPort: port }]);
  await broker.start();
  return { brokers: `127.0.0.1:${port}`, stop: () => broker.remove() };
}

/** A broker on a folder of its own, which outlives its process: it may be killed and started again. */
export interface BrokerProcess {
  start(): Promise<void>;
  /** Resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** The process while it runs. */
  pid(): number | undefined;
  remove(): Promise<void>;
}

export async function makeBroker(listeners: readonly Listener[]): Promise<BrokerProcess> {
  await run('java', ['-version']).catch((error: unknown) => {
    throw new Error('Java is not installed', { cause: error });
  });
  const classPath = join(await fetchJars(), '*');
  const folder = await mkdtemp(join(tmpdir(), 'roster-kafka-'));
  const settings = join(folder, 'server.properties');
  const all = brokerSettings(listeners, await freePort(), join(folder, 'logs'));
  await writeFile(settings, `${[...all].map(([name, value]) => `${name}=${value}`).join('\n')}\n`);
  const format = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings];
  const users = listeners.flatMap(({ secured }) =>
    secured === undefined
      ? []
      : ['--add-scram', `SCRAM-SHA-512=[name=${secured.username},password=${secured.password}]`],
  );
  await run('java', [...MEMORY, ...format, ...users]);
  const address = `127.0.0.1:${listeners[0]?.port ?? 0}`;
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    child = undefined;
    if (running !== undefined) await endProcess(running, signal);
  };
  return {
    async start() {
      child = await startBroker(address, [...MEMORY, '-cp', classPath, 'kafka.Kafka', settings]);
    },
    end,
    pid: () => child?.pid,
    async remove() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with the jars; the first call fetches them with Maven, about 45 MB. */
async function fetchJars(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'roster');
  const folder = join(cache, `kafka-${KAFKA_VERSION}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'fetching-'));
  try {
    const project =
      '<modelVersion>4.0.0</modelVersion><groupId>roster</groupId><artifactId>broker</artifactId><version>1</version>';
    const dependencies = JARS.map(
      ([group, artifact, version]) =>
        `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
    );
    const pom = `<project>${project}<dependencies>${dependencies.join('')}</dependencies></project>`;
    await writeFile(join(work, 'pom.xml'), pom);
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'];
    await run('mvn', ['-q', '-B', ...copy], { cwd: work, maxBuffer: 1 << 26 }).catch((error: unknown) => {
      throw new Error(`mvn could not fetch them: ${String(error).slice(0, SAID_MAX)}`, { cause: error });
    });
    await rename(join(work, 'jars'), folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error; // else another run was quicker
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function startBroker(address: string, args: string[]): Promise<ChildProcess> {
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-SAID_MAX));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  child.once('exit', () => process.off('exit', endWithParent));
  await Promise.race([
    eventually(() => answers(address), { timeoutMs: START_MS_MAX }),
    once(child, 'exit').then(() => {
      throw new Error(`the broker ended: ${said}`);
    }),
  ]);
  return child;
}

/** Asked over a plain connection first: a client would wait longer between its own attempts. */
async function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(late);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
