import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Admin, type ISocketFactory, Kafka, type KafkaConfig, logLevel, type RetryOptions } from 'kafkajs';
import { clientLog, type KafkaLog } from './client-log.js';
import { type Cluster, kafkajsInternals } from './kafkajs-internals.js';
import { repairRequestQueue } from './request-queue.js';

const CONNECT_MS_MAX = 3_000;
const REQUEST_MS_MAX = 10_000;
const METADATA_MS_MAX = 300_000;
const KEEP_ALIVE_MS = 60_000;
const START_MS_MAX = 20_000;
const START_PAUSE_MS = 500;

/** Tried again quickly at first, for about five seconds in all. */
export const RETRY: RetryOptions = { initialRetryTime: 50, maxRetryTime: 1_000, multiplier: 2, retries: 7 };

export interface KafkaOptions {
  /** `host:port` of at least one broker. */
  brokers: readonly string[];
  /** The service's name, as the brokers see it. */
  clientId: string;
  ssl?: KafkaConfig['ssl'];
  sasl?: KafkaConfig['sasl'];
  /** Told what goes wrong in the background. Nothing by default. */
  log?: KafkaLog;
}

/** What every part of this room stands on: one set of settings, one admin client, and the way to say what went wrong. */
export class KafkaConnection {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly log: KafkaLog;
  private isClosing = false;

  constructor(private readonly options: KafkaOptions) {
    repairRequestQueue();
    this.log = (...said) => (this.isClosing ? undefined : options.log?.(...said));
    this.kafka = new Kafka({
      clientId: options.clientId,
      brokers: [...options.brokers],
      ssl: options.ssl,
      sasl: options.sasl,
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      retry: RETRY,
      socketFactory: socketFactory(),
      logLevel: logLevel.WARN,
      logCreator: clientLog(this.log, () => this.isClosing),
    });
    this.admin = this.kafka.admin({ retry: RETRY });
  }

  get brokerNames(): string {
    return this.options.brokers.join(', ');
  }

  /**
   * Connections of one reader's own, since a broker answers one request after the other on each connection, and a waiting
   * fetch would hold up everything behind it. `destroy` ends them at once, without the wait for that answer.
   */
  openCluster(isolationLevel: number): { cluster: Cluster; destroy(): Promise<void> } {
    const sockets = new Set<Socket>();
    const { Cluster } = kafkajsInternals();
    const cluster = new Cluster({
      logger: this.kafka.logger(),
      socketFactory: socketFactory(sockets),
      brokers: this.options.brokers,
      ssl: this.options.ssl,
      sasl: this.options.sasl,
      clientId: this.options.clientId,
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      enforceRequestTimeout: true,
      metadataMaxAge: METADATA_MS_MAX,
      retry: RETRY,
      allowAutoTopicCreation: false,
      isolationLevel,
    });
    return {
      cluster,
      destroy: async () => {
        for (const socket of sockets) {
          socket.emit('end'); // tells kafkajs that no answer will come
          socket.destroy();
        }
        await cluster.disconnect().catch(() => undefined);
      },
    };
  }

  /** Ends the admin client; readers, senders and groups are ended by who opened them. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.admin.disconnect().catch(() => undefined);
  }

  /** From here on nothing is logged: what is being taken down complains. */
  quieten(): void {
    this.isClosing = true;
  }
}

/** Connects, trying for twenty seconds; then throws one sentence that names the brokers. */
export async function connectKafka(options: KafkaOptions): Promise<KafkaConnection> {
  const until = Date.now() + START_MS_MAX;
  for (;;) {
    const connection = new KafkaConnection({ ...options, log: undefined });
    try {
      await within(until - Date.now(), connection.admin.connect());
      await connection.close();
      break;
    } catch (error) {
      await connection.close();
      if (Date.now() + START_PAUSE_MS >= until) {
        const reason = error instanceof Error ? error.message : String(error);
        const tried = `tried for ${START_MS_MAX / 1000} seconds`;
        throw new Error(`Kafka does not answer at ${connection.brokerNames} (${tried}; the last answer: ${reason})`);
      }
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
    }
  }
  const connection = new KafkaConnection(options);
  await connection.admin.connect();
  return connection;
}

function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), Math.max(ms, 0));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Sockets without Nagle's algorithm: a small request must not wait for the answer to the one before. */
function socketFactory(opened?: Set<Socket>): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const tls = typeof ssl === 'object' ? ssl : {};
    const socket = ssl
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...tls }, onConnect)
      : connectTcp({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    opened?.add(socket);
    socket.once('close', () => opened?.delete(socket));
    return socket;
  };
}
