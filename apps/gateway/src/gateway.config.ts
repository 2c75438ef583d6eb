import { z } from 'zod';
import { portNumber, processSettings, readSettings } from '#libs/service';

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

const environment = z.object({
  ...processSettings,
  GATEWAY_PORT: portNumber.default(8080),
  PUBLIC_URL: z.url().optional(),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
});

export interface GatewayProcessSettings {
  gateway: GatewaySettings;
  brokers: string[];
  partitions: number;
  port: number;
  host: string;
  logLevel: string;
}

/** What the gateway is told by its environment when it is a process of its own; throws a SettingsError. */
export function readGatewaySettings(env: NodeJS.ProcessEnv): GatewayProcessSettings {
  const read = readSettings(environment, env);
  const publicUrl = (read.PUBLIC_URL ?? `http://localhost:${read.GATEWAY_PORT}`).replace(/\/+$/, '');
  return {
    gateway: new GatewaySettings(publicUrl, read.REQUEST_TIMEOUT_MS),
    brokers: read.KAFKA_BROKERS,
    partitions: read.PARTITIONS,
    port: read.GATEWAY_PORT,
    host: read.HOST,
    logLevel: read.LOG_LEVEL,
  };
}
