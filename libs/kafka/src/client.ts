import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ISocketFactory, Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { repairRequestQueue } from './request-queue.js';

const KEEP_ALIVE_MS = 60_000;
const TIME = { connectMs: 3_000, requestMs: 10_000 };
const RETRY = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 8 };

/** Is told what kafkajs has to say; all but a crash is what it then mends by itself, however loud it says it. */
export type KafkaLog = (level: 'warn' | 'debug', message: string) => void;

/** How the brokers are reached: where they are, by what kind of connection, and as whom. */
export interface Access {
  brokers: readonly string[];
  /** Encrypted; the authority is a public one unless `ca` (PEM) is given, `cert` and `key` are shown to the broker. */
  tls?: { ca?: string; cert?: string; key?: string };
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

/** A kafkajs client as Roster needs it: without Nagle's delay, without the spinning timer, with logs handed on. */
export function createClient({ brokers, tls, sasl }: Access, clientId: string, log: KafkaLog): Kafka {
  repairRequestQueue();
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    ...(tls !== undefined && { ssl: tls }),
    ...(sasl !== undefined && { sasl: sasl as SASLOptions }),
    connectionTimeout: TIME.connectMs,
    requestTimeout: TIME.requestMs,
    retry: RETRY,
    socketFactory,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, error } }) => {
        const cause = typeof error === 'string' ? `: ${error}` : '';
        log(message.startsWith('Crash') ? 'warn' : 'debug', `${namespace}: ${message}${cause}`);
      },
  };
  return new Kafka(config);
}

const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const encrypted = ssl as typeof ssl | undefined; // kafkajs's types promise it always
  const socket = encrypted
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...encrypted }, onConnect)
    : connectPlain({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
};
