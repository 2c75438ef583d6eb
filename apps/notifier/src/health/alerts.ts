import type { Transaction } from '#libs/postgres';
import type { AlertClass } from '../incident/causes/alert-causes.js';
import type { AlertFacts, Count } from '../incident/incident.js';
import type { Incidents } from '../incident/incidents.js';
import type { Subject } from '../incident/subject.js';
import { type Budget, LINE } from './budget.js';

/** Something to tell that no single request says. */
export interface Alert {
  class: AlertClass;
  /** What tells one alert of a class from another: a key, say. */
  rule: string | null;
  at: Date;
  facts: AlertFacts;
}

export const quarantineAlert = ({ used, rule, objects, references, share }: Budget, at: Date): Alert => ({
  class: 'quarantine-risk',
  rule: null,
  at,
  facts: {
    usedPercent: Math.floor(used * 100),
    rule,
    failing: objects,
    references,
    sharePercent: Math.round(share * 100),
    lineSharePercent: LINE.share * 100,
    lineFailures: rule === 'share' ? LINE.failuresMin : rule === 'failures' ? LINE.failures : LINE.withReferences,
  },
});

export const silentAlert = (lastHeardAt: Date): Alert => ({
  class: 'silent',
  rule: null,
  at: lastHeardAt,
  facts: { lastHeardAt: lastHeardAt.toISOString() },
});

export const massAlert = (gone: number, active: number, at: Date): Alert => ({
  class: 'mass-deprovision',
  rule: null,
  at,
  facts: { gone, active },
});

/** Opens the incident of an alert, unless it is open already: that it goes on is no news. */
export async function raiseAlert(
  incidents: Incidents,
  transaction: Transaction,
  directory: string,
  { class: kind, rule, at, facts }: Alert,
  now: Date,
): Promise<void> {
  if ((await openAlerts(transaction, directory, kind)).length > 0) return;
  const subject: Subject = { class: kind, scimType: null, attribute: null, rule };
  const time = at.toISOString();
  const count: Count = { failures: 1, firstAt: time, lastAt: time, examples: [], facts };
  await incidents.raise(transaction, directory, { subject, count }, now);
}

export async function endAlert(
  incidents: Incidents,
  transaction: Transaction,
  directory: string,
  kind: AlertClass,
  now: Date,
): Promise<void> {
  const open = await openAlerts(transaction, directory, kind);
  if (open.length > 0) await incidents.end(transaction, open, 'success', now);
}

async function openAlerts(transaction: Transaction, directory: string, kind: AlertClass): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    'alert_open',
    `select id from incident where directory = $1 and fingerprint = $2 and status <> 'resolved'`,
    [directory, `${kind}|||`],
  );
  return rows.map(({ id }) => id);
}
