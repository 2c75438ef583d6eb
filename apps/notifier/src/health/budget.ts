/**
 * How near a provisioning job is to the line at which Entra puts it into quarantine, counted as Entra counts: users and groups
 * that fail now, each once however often it is tried again from escrow; members and managers (references) apart.
 */
export interface Failing {
  /** Users and groups that fail now. */
  objects: number;
  /** References that fail now. */
  references: number;
  /** Of the objects, how many began to fail in the last hour and in the last day. */
  newInHour: number;
  newInDay: number;
}

/** Changes that went well: in the last hour, in the last day, and since the first of what fails now began to fail. */
export interface Written {
  inHour: number;
  inDay: number;
  sinceFirst: number;
}

export interface Budget {
  /** 0: nothing fails; 1: Entra's line is reached. The nearest of its three rules decides. */
  used: number;
  rule: 'share' | 'failures' | 'failures with references';
  objects: number;
  references: number;
  /** The largest share of failures, of the windows that Entra may look at. */
  share: number;
}

/** Entra's line (its documentation on quarantine): all of this is counted per job. */
export const LINE = { failuresMin: 5_000, share: 0.4, failures: 40_000, withReferences: 60_000 };

/** At this part of the way to the line people are told. */
export const WARN_AT = 0.8;

/** How much of Entra's patience is used up. */
export function budgetOf(failing: Failing, written: Written): Budget {
  const share = Math.max(
    part(failing.newInHour, written.inHour),
    part(failing.newInDay, written.inDay),
    part(failing.objects, written.sinceFirst),
  );
  // Both halves of the rule must be met, so the half that is further away counts.
  const byShare = Math.min(failing.objects / LINE.failuresMin, share / LINE.share);
  const rules = [
    ['share', byShare],
    ['failures', failing.objects / LINE.failures],
    ['failures with references', (failing.objects + failing.references) / LINE.withReferences],
  ] as const;
  const [rule, used] = rules.reduce((nearest, each) => (each[1] > nearest[1] ? each : nearest));
  return { used, rule, objects: failing.objects, references: failing.references, share };
}

const part = (failures: number, successes: number) => (failures === 0 ? 0 : failures / (failures + successes));
