import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { IncidentDetails, IncidentStatus, IncidentSummary } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { CATALOGUE } from './causes/catalogue.js';
import { nextTryOf } from './escrow.js';
import type { Incident } from './incident.js';

/** The incidents of a directory, or (null) of all, those that last first, then the newest. */
export class FindIncidents extends Query<IncidentSummary[]> {
  constructor(
    readonly directory: string | null,
    readonly statuses: readonly IncidentStatus[],
    readonly limit: number,
  ) {
    super();
  }
}

/** All that is known of an incident. Throws Refusal not-found. */
export class ShowIncident extends Query<IncidentDetails> {
  constructor(readonly id: string) {
    super();
  }
}

interface Row extends Record<string, unknown> {
  id: string;
  directory: string;
  state: Incident;
  failing: number;
  first_at: Date | null;
  last_at: Date | null;
}

const FAILING = `(select count(*)::int from failing f where f.incident = i.id) as failing,
  (select min(first_at) from failing f where f.incident = i.id) as first_at,
  (select max(last_at) from failing f where f.incident = i.id) as last_at`;

@QueryHandler(FindIncidents)
export class FindIncidentsHandler implements IQueryHandler<FindIncidents> {
  constructor(private readonly database: Database) {}

  async execute({ directory, statuses, limit }: FindIncidents): Promise<IncidentSummary[]> {
    const rows = await this.database.query<Row>(
      'incident_find',
      `select i.id, i.directory, i.state, ${FAILING} from incident i
       where ($1::uuid is null or i.directory = $1) and i.status = any($2::text[])
       order by i.status = 'resolved', i.opened_at desc, i.id limit $3`,
      [directory, statuses, limit],
    );
    return rows.map(summaryOf);
  }
}

@QueryHandler(ShowIncident)
export class ShowIncidentHandler implements IQueryHandler<ShowIncident> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ id }: ShowIncident): Promise<IncidentDetails> {
    const [row] = await this.database.query<Row>(
      'incident_show',
      `select i.id, i.directory, i.state, ${FAILING} from incident i where i.id = $1`,
      [id],
    );
    if (row === undefined) throw new Refusal('not-found', 'There is no such incident.');
    const history = await this.database.query<{ at: Date; type: string; by: string | null }>(
      'incident_history',
      `select at, type, data->>'by' as by from incident_event where incident = $1 order by number`,
      [id],
    );
    const { subject, examples, facts } = row.state;
    return {
      incident: summaryOf(row),
      cause: CATALOGUE[subject.class],
      examples,
      facts,
      nextTryAt: this.nextTry(row),
      history: history.map(({ at, type, by }) => ({ at: at.toISOString(), type, by })),
    };
  }

  private nextTry({ state, first_at, last_at }: Row): string | null {
    if (first_at === null || last_at === null) return null;
    return nextTryOf(state.subject.class, first_at, last_at, this.clock.now())?.toISOString() ?? null;
  }
}

function summaryOf({ id, directory, state, failing }: Row): IncidentSummary {
  const { status, subject, failures, openedAt, lastAt, mutedUntil, resolvedAt, because } = state;
  const { title } = CATALOGUE[subject.class];
  const times = { openedAt, lastAt, mutedUntil, resolvedAt };
  return {
    id,
    directory,
    status,
    class: subject.class,
    title,
    attribute: subject.attribute,
    failures,
    failing,
    ...times,
    because,
  };
}
