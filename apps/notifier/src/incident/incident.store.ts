import { createHash } from 'node:crypto';
import { fold } from '#libs/event-sourcing';
import type { Transaction } from '#libs/postgres';
import type { Incident, IncidentCommand, IncidentEvent } from './incident.js';
import { incidentDecider } from './incident.decider.js';

/** An incident of the same fingerprint that ended longer ago than this is another one. */
const COMES_BACK_MS = 24 * 60 * 60_000;

export interface KeptIncident {
  id: string;
  directory: string;
  incident: Incident;
}

interface Row extends Record<string, unknown> {
  id: string;
  directory: string;
  state: Incident;
}

const kept = ({ id, directory, state }: Row): KeptIncident => ({ id, directory, incident: state });

/** The incident of this fingerprint that a new failure belongs to, locked: the one that lasts, or has just ended. */
export async function incidentOf(
  transaction: Transaction,
  directory: string,
  fingerprint: string,
  now: Date,
): Promise<KeptIncident | undefined> {
  const [row] = await transaction.query<Row>(
    'incident_of',
    `select id, directory, state from incident where directory = $1 and fingerprint = $2
       and (status <> 'resolved' or resolved_at > $3) order by opened_at desc limit 1 for update`,
    [directory, fingerprint, new Date(now.getTime() - COMES_BACK_MS)],
  );
  return row === undefined ? undefined : kept(row);
}

/** These incidents, locked in one order for everybody. */
export async function lockIncidents(transaction: Transaction, ids: readonly string[]): Promise<KeptIncident[]> {
  const rows = await transaction.query<Row>(
    'incident_lock',
    'select id, directory, state from incident where id = any($1::uuid[]) order by id for update',
    [ids],
  );
  return rows.map(kept);
}

/** The same for the same first failure, so that incidents made anew from the log are those that people were told of. */
export function incidentId(directory: string, fingerprint: string, firstAt: Date): string {
  const hash = createHash('sha256').update([directory, fingerprint, firstAt.toISOString()].join('\n')).digest('hex');
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(18, 20)}-${hash.slice(20, 32)}`;
}

/** Decides on an incident and keeps what came of it; what is only counted leaves no event behind. Throws Refusal. */
export async function actOn(
  transaction: Transaction,
  place: { id: string; directory: string; fingerprint?: string },
  before: Incident | null,
  command: IncidentCommand,
): Promise<Incident | null> {
  const events = incidentDecider.decide(command, before);
  if (events.length === 0) return before;
  const after = fold({ ...incidentDecider, initial: before }, events);
  if (after === null) return null;
  await save(transaction, place, after, before === null);
  for (const event of events.filter(({ type }) => type !== 'FailuresCounted')) {
    await keepEvent(transaction, place.id, event);
  }
  return after;
}

async function save(
  transaction: Transaction,
  { id, directory, fingerprint }: { id: string; directory: string; fingerprint?: string },
  incident: Incident,
  isNew: boolean,
): Promise<void> {
  const { status, openedAt, lastAt, resolvedAt } = incident;
  if (isNew) {
    await transaction.query(
      'incident_make',
      `insert into incident (id, directory, fingerprint, status, opened_at, last_at, state) values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, directory, fingerprint, status, openedAt, lastAt, JSON.stringify(incident)],
    );
    return;
  }
  await transaction.query(
    'incident_save',
    'update incident set status = $2, last_at = $3, resolved_at = $4, state = $5 where id = $1',
    [id, status, lastAt, resolvedAt, JSON.stringify(incident)],
  );
}

async function keepEvent(transaction: Transaction, incident: string, { type, data }: IncidentEvent): Promise<void> {
  const at = 'at' in data ? data.at : new Date(0).toISOString();
  await transaction.query(
    'incident_event',
    `insert into incident_event (incident, number, at, type, data)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from incident_event where incident = $1`,
    [incident, at, type, JSON.stringify(data)],
  );
}
