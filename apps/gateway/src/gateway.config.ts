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
