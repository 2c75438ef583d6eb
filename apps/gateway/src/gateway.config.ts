import { z } from 'zod';
import {
  operationsPort,
  portNumber,
  processOf,
  type ProcessSettings,
  processSettings,
  readSettings,
  setting,
} from '#libs/service';

const DIRECTORY_REQUESTS_PER_SECOND = 50;

/** What the gateway's module needs to know. `publicUrl` has no slash at its end. */
export class GatewaySettings {
  constructor(
    readonly publicUrl: string,
    readonly requestTimeoutMs: number,
    /** What a directory may ask in a second before it is held back; 0: as often as it likes. */
    readonly directoryRequestsPerSecond = DIRECTORY_REQUESTS_PER_SECOND,
  ) {}

  /** The base of every resource's location, and the Tenant URL. */
  get baseUrl(): string {
    return `${this.publicUrl}/v2`;
  }
}

/** What whoever serves SCIM is told, the gateway or the one process. */
export const servingSettings = {
  GATEWAY_PORT: setting('where SCIM is served', portNumber.default(8080)),
  PUBLIC_URL: setting(
    'how clients reach the gateway; the Tenant URL is this with `/v2`; http://localhost and the port unless set',
    z.url({ protocol: /^https?$/ }).optional(),
  ),
};

/** What the same is told of how it is asked. */
export const askedSettings = {
  DIRECTORY_REQUESTS_PER_SECOND: setting(
    'how many requests a second a gateway takes for one directory before it holds some back; 0: any number',
    z.coerce.number().int().min(0).max(100_000).default(DIRECTORY_REQUESTS_PER_SECOND),
  ),
  TRUSTED_PROXIES: setting(
    'proxies whose word on a client’s address (`X-Forwarded-For`) is taken, as addresses or ranges with commas',
    z
      .string()
      .transform((list) => list.split(',').map((one) => one.trim()))
      .optional(),
  ),
};

/** Every setting of the gateway. */
export const gatewayEnvironment = z.object({
  ...processSettings,
  ...servingSettings,
  ...askedSettings,
  PORT: operationsPort(8084),
  REQUEST_TIMEOUT_MS: setting(
    'how long a client may wait for the directory, in milliseconds',
    z.coerce.number().int().min(100).max(60_000).default(10_000),
  ),
  DRAIN_MS: setting(
    'how long requests are still taken after a gateway that is to end says that it is not ready, in milliseconds; longer than a load balancer needs to see it',
    z.coerce.number().int().min(0).max(10_000).default(5_000),
  ),
});

/** How clients reach the gateway, without a slash at the end. */
export const publicUrlOf = (read: { GATEWAY_PORT: number; PUBLIC_URL?: string | undefined }): string =>
  (read.PUBLIC_URL ?? `http://localhost:${read.GATEWAY_PORT}`).replace(/\/+$/, '');

/** What the gateway is told by its environment when it is a process of its own; throws a SettingsError. */
export function readGatewaySettings(env: NodeJS.ProcessEnv): {
  service: GatewaySettings;
  served: { port: number; drainMs: number };
  trustedProxies: string[] | undefined;
  process: ProcessSettings;
} {
  const read = readSettings(gatewayEnvironment, env);
  return {
    service: new GatewaySettings(publicUrlOf(read), read.REQUEST_TIMEOUT_MS, read.DIRECTORY_REQUESTS_PER_SECOND),
    served: { port: read.GATEWAY_PORT, drainMs: read.DRAIN_MS },
    trustedProxies: read.TRUSTED_PROXIES,
    process: processOf(read),
  };
}
