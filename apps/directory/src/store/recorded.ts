import type { Actor, EntityType, Recorded } from '#libs/contracts';
import { newestVersion, upcast, type Upcasters } from './upcast/upcast.js';
import { upcasters } from './upcast/upcasters.js';

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
  data: Record<string, unknown>;
}

/**
 * Reads a stored event, in the newest form of its type; an older one is brought to it here and never changed where it is
 * stored. Throws on a form that these steps do not know: it must not be guessed at.
 */
export function recorded(row: EventRow, steps: Upcasters = upcasters): Recorded {
  const event = upcast(steps, { type: row.type, version: row.schema_version }, row.data);
  if (event === undefined) {
    throw new Error(
      `event ${row.partition}/${row.position} is a ${row.type} of version ${row.schema_version}, which this program does not know; run the newer program`,
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
    schemaVersion: newestVersion(steps, event.type),
    recordedAt: row.recorded_at.toISOString(),
    commandId: row.command_id,
    correlationId: row.correlation_id,
    actor: row.actor,
    event,
  };
}
