import { EventStore, VersionConflict } from '#libs/event-sourcing';
import { Database, type Statements } from './database.js';

/** The table that PostgresEventStore stands on; part of the first migration of the service that uses it. */
export const EVENT_STORE_SQL = `
  create table event (
    stream text not null,
    version int not null,
    type text not null,
    data jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (stream, version)
  );
`;

interface Stored {
  type: string;
  data: unknown;
}

/** Streams in one table; the primary key is what makes a lost race visible. */
export class PostgresEventStore extends EventStore {
  constructor(private readonly statements: Statements) {
    super();
  }

  async read<Event>(stream: string): Promise<{ events: Event[]; version: number }> {
    const rows = await this.statements.query<{ type: string; data: unknown; version: number }>(
      'event_store_read',
      'select type, data, version from event where stream = $1 order by version',
      [stream],
    );
    return { events: rows.map(({ type, data }) => ({ type, data }) as Event), version: rows.at(-1)?.version ?? 0 };
  }

  async append<Event>(stream: string, expectedVersion: number, events: readonly Event[]): Promise<number> {
    const stored = events as readonly Stored[];
    try {
      await this.statements.query(
        'event_store_append',
        `insert into event (stream, version, type, data)
         select $1, $2 + ordinality, type, data
         from unnest($3::text[], $4::text[]) with ordinality as e(type, json, ordinality), lateral (select json::jsonb as data) d`,
        [stream, expectedVersion, stored.map(({ type }) => type), stored.map(({ data }) => JSON.stringify(data))],
      );
    } catch (error) {
      if (Database.isUniqueViolation(error, 'event_pkey')) throw new VersionConflict(stream);
      throw error;
    }
    return expectedVersion + events.length;
  }
}
