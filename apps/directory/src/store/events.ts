import type { Actor, DirectoryEvent, EntityType, Recorded } from '#libs/contracts';
import type { Database } from '#libs/postgres';

const SCHEMA_VERSION_MAX = 1;

interface EventRow extends Record<string, unknown> {
  id: string;
  partition: number;
  position: number;
  directory_id: string;
  sequence: number;
  entity_type: EntityType;
  entity_id: string;
  version: number;
  type: string;
  schema_version: number;
  recorded_at: Date;
  command_id: string;
  correlation_id: string;
  actor: Actor;
  data: unknown;
}

/** The next events of a partition, in position order. */
export async function eventsAfter(
  database: Database,
  partition: number,
  position: number,
  limit: number,
): Promise<Recorded[]> {
  const rows = await database.query<EventRow>(
    'events_after',
    'select * from event where partition = $1 and position > $2 order by position limit $3',
    [partition, position, limit],
  );
  return rows.map(recorded);
}

/** The next events of one directory, in sequence order. */
export async function changesAfter(
  database: Database,
  directory: string,
  sequence: number,
  limit: number,
): Promise<Recorded[]> {
  const rows = await database.query<EventRow>(
    'changes_after',
    'select * from event where directory_id = $1 and sequence > $2 order by sequence limit $3',
    [directory, sequence, limit],
  );
  return rows.map(recorded);
}

function recorded(row: EventRow): Recorded {
  if (row.schema_version > SCHEMA_VERSION_MAX) {
    throw new Error(
      `event ${row.partition}/${row.position} is of a newer version than this program knows; run the newer program`,
    );
  }
  return {
    id: row.id,
    partition: row.partition,
    position: row.position,
    directory: row.directory_id,
    sequence: row.sequence,
    entityType: row.entity_type,
    entityId: row.entity_id,
    version: row.version,
    schemaVersion: row.schema_version,
    recordedAt: row.recorded_at.toISOString(),
    commandId: row.command_id,
    correlationId: row.correlation_id,
    actor: row.actor,
    event: { type: row.type, data: row.data } as DirectoryEvent,
  };
}
