/** The system cannot answer now: 503 with Retry-After, in whole seconds. */
export class Unavailable extends Error {
  constructor(
    message: string,
    readonly retryAfterS: number,
  ) {
    super(message);
    this.name = 'Unavailable';
  }
}
