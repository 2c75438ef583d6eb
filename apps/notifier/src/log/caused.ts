import { z } from 'zod';
import type { Statements } from '#libs/postgres';

/** As much of a public event (libs/contracts) as the log keeps: reading all of each would cost more than keeping it. */
export const change = z.object({
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  directory: z.uuid(),
  sequence: z.number().int(),
  correlationid: z.string(),
});
export type Change = z.infer<typeof change>;

/** Keeps which request caused these changes. Those that are known stay as they are. */
export async function keepCaused(statements: Statements, changes: readonly Change[]): Promise<void> {
  await statements.query(
    'log_caused',
    `insert into caused (correlation_id, directory, sequence, at, type, subject)
     select * from unnest($1::text[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[])
     on conflict do nothing`,
    [
      changes.map(({ correlationid }) => correlationid),
      changes.map(({ directory }) => directory),
      changes.map(({ sequence }) => sequence),
      changes.map(({ time }) => time),
      changes.map(({ type }) => type),
      changes.map(({ subject }) => subject),
    ],
  );
}
