import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { secret, setting } from './settings.js';
import type { TraceSettings } from './tracing/tracing.js';

/** A list of Kafka brokers, as host:port,host:port. */
const brokerList = z
  .string({ error: 'the Kafka brokers, as host:port,host:port' })
  .transform((list) => list.split(',').map((broker) => broker.trim()));

export const portNumber = z.coerce.number().int().min(0).max(65_535);

/** The path of a PEM file, read at once so that a wrong one is found at the start; gives what the file holds. */
const pemFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `${path} cannot be read (${(error as NodeJS.ErrnoException).code})` });
    return z.NEVER;
  }
});

/** How the brokers are reached. */
export const kafkaSettings = {
  KAFKA_BROKERS: setting('the Kafka brokers, as host:port,host:port', brokerList),
  KAFKA_TLS: setting('`on`: connections to the brokers are encrypted', z.enum(['off', 'on']).default('off')),
  KAFKA_TLS_CA_FILE: setting(
    'a PEM file with the authority that signed the brokers’ certificates, unless it is a public one',
    pemFile.optional(),
  ),
  KAFKA_TLS_CERT_FILE: setting('a PEM file with a certificate to show the brokers (mutual TLS)', pemFile.optional(), {
    needs: ['KAFKA_TLS_KEY_FILE'],
  }),
  KAFKA_TLS_KEY_FILE: setting('the key of that certificate', pemFile.optional(), { needs: ['KAFKA_TLS_CERT_FILE'] }),
  KAFKA_SASL: setting(
    'how to sign in to the brokers, if they ask for it',
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    { needs: ['KAFKA_USERNAME', 'KAFKA_PASSWORD'] },
  ),
  KAFKA_USERNAME: setting('who signs in', z.string().optional()),
  KAFKA_PASSWORD: secret('its password', z.string().optional()),
};

/** How the brokers are reached, as libs/kafka takes it. */
export interface KafkaAccess {
  brokers: string[];
  tls?: { ca?: string; cert?: string; key?: string };
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

type KafkaRead = z.infer<z.ZodObject<typeof kafkaSettings>>;

export function kafkaAccess(read: KafkaRead): KafkaAccess {
  const { KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = read;
  const { KAFKA_TLS_CA_FILE: ca, KAFKA_TLS_CERT_FILE: cert, KAFKA_TLS_KEY_FILE: key } = read;
  const isSigningIn = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    brokers: read.KAFKA_BROKERS,
    ...(read.KAFKA_TLS === 'on' && { tls: { ca, cert, key } }),
    ...(isSigningIn && { sasl: { mechanism, username, password } }),
  };
}

/** The number of partitions that was fixed when the system was first set up. */
export const partitionCount = setting(
  'how many partitions the system has; the same everywhere, and fixed when it is first set up',
  z.coerce.number().int().min(1).max(1024).default(16),
);

const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

/** What every program is told that runs for long. */
export const commonSettings = {
  PARTITIONS: partitionCount,
  HOST: setting('the address that ports are opened on', z.string().default('127.0.0.1')),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    'where traces are sent, over OTLP/HTTP in JSON; none are made without it',
    z.url({ protocol: /^https?$/ }).optional(),
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(
    'which part of the requests is traced, from 0 to 1, unless the sender of a request says',
    z.coerce.number().min(0).max(1).default(1),
  ),
};

/** What is told of traces. */
export const tracesOf = (read: z.infer<z.ZodObject<typeof commonSettings>>): TraceSettings => ({
  endpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
  ratio: read.OTEL_TRACES_SAMPLER_ARG,
});

/** The level of the log lines that are written. */
export const logLevelSetting = (normally: z.infer<typeof logLevel>) =>
  setting('the least that is logged: fatal, error, warn, info, debug, trace or silent', logLevel.default(normally));

/** Where health and metrics are served. */
export const operationsPort = (normally: number) =>
  setting(
    'where `/health/live`, `/health/ready` and `/metrics` are served; not for the public',
    portNumber.default(normally),
  );

/** What every service is told that runs as a process of its own. */
export const processSettings = { ...kafkaSettings, ...commonSettings, LOG_LEVEL: logLevelSetting('info') };

type ProcessRead = z.infer<z.ZodObject<typeof processSettings & { PORT: z.ZodType<number> }>>;

/** What a service’s process is made with, whatever the service. */
export interface ProcessSettings {
  kafka: KafkaAccess;
  partitions: number;
  /** Of health and metrics. */
  port: number;
  host: string;
  logLevel: string;
  traces: TraceSettings;
}

export const processOf = (read: ProcessRead): ProcessSettings => ({
  kafka: kafkaAccess(read),
  partitions: read.PARTITIONS,
  port: read.PORT,
  host: read.HOST,
  logLevel: read.LOG_LEVEL,
  traces: tracesOf(read),
});

/** The database of a service that keeps something. */
export const databaseSettings = {
  DATABASE_URL: secret(
    'the PostgreSQL URL of the service’s own role',
    z.url({ protocol: /^postgres(ql)?$/, error: 'a PostgreSQL URL of this service’s own role' }),
  ),
  DATABASE_TLS_CA_FILE: setting(
    'a PEM file with the authority that signed PostgreSQL’s certificate: connections are encrypted and the server’s name is checked',
    z.string().optional(),
  ),
};

/** The URL with TLS as asked for: what `sslmode` and `sslrootcert` in it say otherwise. */
export function databaseUrlOf(read: { DATABASE_URL: string; DATABASE_TLS_CA_FILE?: string | undefined }): string {
  return withTls(read.DATABASE_URL, read.DATABASE_TLS_CA_FILE);
}

export function withTls(url: string, caFile: string | undefined): string {
  if (caFile === undefined) return url;
  const encrypted = new URL(url);
  encrypted.searchParams.set('sslmode', 'verify-full');
  encrypted.searchParams.set('sslrootcert', caFile);
  return encrypted.href;
}
