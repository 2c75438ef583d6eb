import type { Recorded } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { type EventRow, recorded } from './recorded.js';

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
  return rows.map((row) => recorded(row));
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
  return rows.map((row) => recorded(row));
}
