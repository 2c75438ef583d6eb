import { z } from 'zod';
import { readSettings } from '#libs/service';

const settings = z.object({
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  KAFKA_BROKERS: z.string({ error: 'the Kafka brokers, as host:port,host:port' }).transform((text) => text.split(',')),
  PARTITIONS: z.coerce.number().int().min(1).max(1024).default(16),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).default(10_000),
  LOG_LEVEL: z.string().default('info'),
});

export type GatewayEnvironment = z.infer<typeof settings>;

/** What the gateway is told by its environment; throws a SettingsError with the whole list of what is wrong. */
export const readGatewaySettings = (environment: NodeJS.ProcessEnv): GatewayEnvironment =>
  readSettings(settings, environment);

/** What the gateway's module needs to know. `publicUrl` has no slash at its end. */
export class GatewaySettings {
  constructor(
    readonly publicUrl: string,
    readonly requestTimeoutMs: number,
  ) {}

  /** The base of every resource's location, and the Tenant URL. */
  get baseUrl(): string {
    return `${this.publicUrl}/v2`;
  }
}
