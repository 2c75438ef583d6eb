import type { Actor, DirectoryEvent, EntityType, Recorded } from '#libs/contracts';

/** A row of the table of events. */
export interface EventRow extends Record<string, unknown> {
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

/** The forms that stored events have had: an older one is brought to the newest here, and never changed where it is stored. */
const SCHEMA_VERSIONS = [1];

/** Reads a stored event; one of a form that this program does not know must not be guessed at. */
export function recorded(row: EventRow): Recorded {
  if (!SCHEMA_VERSIONS.includes(row.schema_version)) {
    throw new Error(
      `event ${row.partition}/${row.position} is of version ${row.schema_version}, which this program does not know; run the newer program`,
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
