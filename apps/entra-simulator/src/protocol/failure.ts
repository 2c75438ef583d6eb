/** What was asked and what came back, for the log an administrator reads. */
export interface Evidence {
  request?: string;
  status?: number;
  scimType?: string;
  detail?: string;
}

/** One thing that went wrong with one object. The reason is the same text for every object it happens to. */
export class ProvisioningFailure extends Error {
  constructor(
    readonly reason: string,
    readonly evidence: Evidence = {},
  ) {
    super(reason);
    this.name = 'ProvisioningFailure';
  }
}

/** More than one object of the target fits one of the source: it is skipped, and nothing is written. */
export class DuplicateTargets extends ProvisioningFailure {}

/** What would put the provisioning job into quarantine: nothing more is sent. */
export class Quarantine extends Error {
  constructor(
    message: string,
    readonly evidence: Evidence = {},
  ) {
    super(message);
    this.name = 'Quarantine';
  }
}
