import type { Database } from '#libs/postgres';
import type { OwnerStep } from './commit.js';

/** A partition as this process owns it. */
export interface Owned {
  partition: number;
  epoch: number;
  nextOffset: bigint | null;
  lastPosition: number;
  publishedPosition: number;
}

interface OwnerRow extends Record<string, unknown> {
  partition: number;
  epoch: number;
  next_offset: number | null;
  last_position: number;
  published_position: number;
}

const COLUMNS = 'partition, epoch, next_offset, last_position, published_position';

/** Claims partitions: a new epoch, so that whoever owned them before can commit nothing more. */
export async function claim(database: Database, partitions: readonly number[]): Promise<Owned[]> {
  const rows = await database.query<OwnerRow>(
    'claim',
    `update partition_owner set epoch = epoch + 1 where partition = any($1::int[]) returning ${COLUMNS}`,
    [partitions],
  );
  return rows.map(owned);
}

/** What became of a commit whose answer was lost: read from the rows that the commit itself locks and moves. */
export async function outcomeOf(
  database: Database,
  steps: readonly OwnerStep[],
): Promise<'committed' | 'not committed' | 'fenced'> {
  const rows = await database.query<OwnerRow>(
    'owner_outcome',
    `select ${COLUMNS} from partition_owner where partition = any($1::int[]) for update`,
    [steps.map(({ partition }) => partition)],
  );
  const now = new Map(rows.map((row) => [row.partition, owned(row)]));
  if (steps.some(({ partition, epoch }) => now.get(partition)?.epoch !== epoch)) return 'fenced';
  return steps.every(({ partition, nextOffset }) => now.get(partition)?.nextOffset === nextOffset)
    ? 'committed'
    : 'not committed';
}

const owned = (row: OwnerRow): Owned => ({
  partition: row.partition,
  epoch: row.epoch,
  nextOffset: row.next_offset === null ? null : BigInt(row.next_offset),
  lastPosition: row.last_position,
  publishedPosition: row.published_position,
});

/**
 * Forgets how far partitions of the log of commands were read that end before that: the log is another one now, after a restore.
 * Whatever owns one of them is fenced. Gives how many partitions that was.
 */
export async function forgetOffsets(
  database: Database,
  ends: readonly { partition: number; end: number }[],
): Promise<number> {
  const rows = await database.query(
    'forget_offsets',
    `update partition_owner o set next_offset = null, epoch = epoch + 1
     from json_to_recordset($1::json) as e(partition int, "end" bigint)
     where o.partition = e.partition and o.next_offset > e."end" returning o.partition`,
    [JSON.stringify(ends)],
  );
  return rows.length;
}

/**
 * Fixes the number of partitions when the system is first set up; a start with another number is refused, because a
 * directory's commands would land where nobody expects them.
 */
export async function fixPartitions(database: Database, partitions: number): Promise<void> {
  await database.query('fix_partitions', 'insert into system (partitions) values ($1) on conflict do nothing', [
    partitions,
  ]);
  const [row] = await database.query<{ partitions: number }>('partitions', 'select partitions from system');
  if (row?.partitions !== partitions) {
    throw new Error(
      `This system was set up with ${row?.partitions ?? 0} partitions and cannot run with ${partitions}: set PARTITIONS=${row?.partitions ?? 0}`,
    );
  }
  await database.query(
    'make_owners',
    `insert into partition_owner (partition, epoch, next_offset, last_position, published_position)
     select p, 0, null, 0, 0 from generate_series(0, $1 - 1) p on conflict do nothing`,
    [partitions],
  );
}
