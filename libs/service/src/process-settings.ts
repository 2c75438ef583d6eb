import { z } from 'zod';

/** A list of Kafka brokers, as host:port,host:port. */
export const brokerList = z
  .string({ error: 'the Kafka brokers, as host:port,host:port' })
  .transform((list) => list.split(',').map((broker) => broker.trim()));

/** The number of partitions that was fixed when the system was first set up. */
export const partitionCount = z.coerce.number().int().min(1).max(1024).default(16);

export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

export const portNumber = z.coerce.number().int().min(0).max(65_535);

/** What every service is told that runs as a process of its own. */
export const processSettings = {
  KAFKA_BROKERS: brokerList,
  PARTITIONS: partitionCount,
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: logLevel.default('info'),
};

/** The PostgreSQL URL of a service's own role. */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'a PostgreSQL URL of this service’s own role' });
