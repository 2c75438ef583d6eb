import type { Recorded } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import { type EventRow, recorded } from '../store/recorded.js';

// Small enough that commands and questions of the same process go on between two pages.
const EVENTS_MAX = 500;
// As stored, so compressed: what is read of it is a few times as much. One event alone may be larger.
const STORED_BYTES_MAX = 1024 * 1024;

/** The next events of a partition after a position and up to another, as many as memory has room for; none: there are no more. */
export async function eventPage(
  statements: Statements,
  partition: number,
  { after, upTo }: { after: number; upTo: number },
): Promise<Recorded[]> {
  const rows = await statements.query<EventRow>(
    'rebuild_page',
    `with sized as (
       select position, sum(pg_column_size(data)) over (order by position) as bytes, row_number() over (order by position) as place
         from (select position, data from event
                where partition = $1 and position > $2 and position <= $3 order by position limit ${EVENTS_MAX}) e)
     select * from event where partition = $1 and position > $2
        and position <= (select max(position) from sized where bytes <= ${STORED_BYTES_MAX} or place = 1)
      order by position`,
    [partition, after, upTo],
  );
  return rows.map((row) => recorded(row));
}

/** Where each partition stands. */
export async function lastPositions(statements: Statements): Promise<Map<number, number>> {
  const rows = await statements.query<{ partition: number; last_position: number }>(
    'rebuild_positions',
    'select partition, last_position from partition_owner order by partition',
  );
  return new Map(rows.map(({ partition, last_position }) => [partition, last_position]));
}
