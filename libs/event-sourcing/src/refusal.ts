import type { RefusalCode } from '#libs/contracts';

/** A business "no". The code is part of the contract; the message is for people. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    /** RFC 7644 table 9's word for it, where it has one. */
    readonly scimType?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
