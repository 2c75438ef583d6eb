import type { Statements } from '#libs/postgres';
import { nextTryOf } from '../incident/escrow.js';
import type { Known } from './plan.js';
import type { TellableIncident } from './notice.js';

interface FailingNow extends Record<string, unknown> {
  incident: string;
  failing: number;
  first_at: Date;
  last_at: Date;
}

/** These incidents as people are told of them, with what fails now and when Entra tries that again. */
export async function tellable(
  statements: Statements,
  known: readonly Known[],
  now: Date,
): Promise<TellableIncident[]> {
  const rows = await statements.query<FailingNow>(
    'tellable_failing',
    `select incident, count(*)::int as failing, min(first_at) as first_at, max(last_at) as last_at from failing
     where incident = any($1::uuid[]) group by incident`,
    [known.map(({ id }) => id)],
  );
  const failing = new Map(rows.map((row) => [row.incident, row]));
  return known.map((one) => toldAs(one, failing.get(one.id), now));
}

function toldAs({ id, incident, told }: Known, failing: FailingNow | undefined, now: Date): TellableIncident {
  const { subject, status, failures } = incident;
  const next = failing === undefined ? null : nextTryOf(subject.class, failing.first_at, failing.last_at, now);
  return {
    id,
    class: subject.class,
    status,
    attribute: subject.attribute,
    rule: subject.rule,
    failures,
    newFailures: failures - (told?.failures ?? 0),
    failing: failing?.failing ?? 0,
    beganAt: incident.beganAt,
    firstAt: incident.firstAt,
    lastAt: incident.lastAt,
    resolvedAt: incident.resolvedAt,
    because: incident.because,
    nextTryAt: status === 'resolved' ? null : (next?.toISOString() ?? null),
    examples: incident.examples,
    facts: incident.facts,
  };
}
