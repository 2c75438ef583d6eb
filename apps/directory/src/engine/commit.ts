import { type Database } from '#libs/postgres';
import { readModelChange } from '../store/read-model.js';
import type { Decided } from './batch.js';

/** Where this process believes a partition stands, and where it will stand after the commit. */
export interface OwnerStep {
  partition: number;
  epoch: number;
  expectedOffset: bigint | null;
  nextOffset: bigint;
  expectedPosition: number;
  lastPosition: number;
}

/** Somebody else has claimed a partition: nothing was written, and nothing that was decided may be answered. */
export class Fenced extends Error {
  constructor() {
    super('another process has claimed a partition of this one');
    this.name = 'Fenced';
  }
}

const BATCH = `$1::json, $2::json, $3::json, $4::json, $5::uuid[], $6::json, $7::uuid[], $8::json, $9::json, $10::json, $11::timestamptz`;
const TEXT = `select commit_batch(${BATCH})`;
const TEXT_WITH_SCHEMAS = `select commit_batch_with_schemas(${BATCH}, $12::json)`;

/**
 * Commits a batch in one statement: fence, offsets, positions, events, read model and results, all or nothing.
 * Throws Fenced; the server's verdict (nothing happened); or a lost connection (unknown: ask `partition_owner`).
 */
export async function commit(database: Database, owners: readonly OwnerStep[], decided: Decided): Promise<void> {
  const { world, touched, events, answers, now } = decided;
  const { directories, schemas, users, groups, members } = readModelChange(world, touched, events);
  try {
    const values = [
      JSON.stringify(owners.map(ownerRow)),
      JSON.stringify(directories),
      JSON.stringify(events.map(eventRow)),
      JSON.stringify(users.put),
      users.gone,
      JSON.stringify(groups.put),
      groups.gone,
      JSON.stringify(members.added),
      JSON.stringify(members.removed),
      JSON.stringify(answers.map(({ request, reply }) => ({ command_id: request.id, reply }))),
      now,
    ];
    if (schemas.length === 0) await database.query('commit_batch', TEXT, values);
    else await database.query('commit_batch_with_schemas', TEXT_WITH_SCHEMAS, [...values, JSON.stringify(schemas)]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'RF001') throw new Fenced();
    throw error;
  }
}

const ownerRow = (step: OwnerStep) => ({
  partition: step.partition,
  epoch: step.epoch,
  expected_offset: step.expectedOffset === null ? null : Number(step.expectedOffset),
  next_offset: Number(step.nextOffset),
  expected_position: step.expectedPosition,
  last_position: step.lastPosition,
});

const eventRow = (recorded: Decided['events'][number]) => ({
  partition: recorded.partition,
  position: recorded.position,
  directory_id: recorded.directory,
  sequence: recorded.sequence,
  id: recorded.id,
  entity_type: recorded.entityType,
  entity_id: recorded.entityId,
  version: recorded.version,
  type: recorded.event.type,
  schema_version: recorded.schemaVersion,
  command_id: recorded.commandId,
  correlation_id: recorded.correlationId,
  actor: recorded.actor,
  data: recorded.event.data,
});
