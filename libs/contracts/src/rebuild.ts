import { z } from 'zod';

/**
 * Asks what became of one run of a rebuild of the read model. With `begin` it is begun unless it has been, so that asking twice
 * begins once: `swap` puts the rebuilt one in force, `check` only compares it. It changes nothing that anybody else can see.
 */
export const rebuildQuery = z.object({
  find: z.literal('rebuild'),
  run: z.uuid(),
  begin: z.enum(['swap', 'check']).optional(),
});

/** A row that the read model in force has and should not, should have and has not, or has with other values in some columns. */
const rebuildDifference = z.object({
  table: z.string(),
  key: z.string(),
  what: z.enum(['missing', 'surplus', 'different']),
  columns: z.array(z.string()).optional(),
});
export type RebuildDifference = z.infer<typeof rebuildDifference>;

/**
 * How far a run is, and in the end what it did. `cut-off`: whoever carried it out has died, and the read model before it is in
 * force. `differences` are the first of `differenceCount`. `waitedMs` is how long writes had to wait for the swap.
 */
export const rebuildReport = z.object({
  run: z.uuid(),
  isCheck: z.boolean(),
  state: z.enum(['running', 'done', 'failed', 'cut-off']),
  phase: z.enum(['reading', 'indexing', 'comparing', 'swapping']),
  events: z.number().int(),
  eventsInAll: z.number().int(),
  rows: z.record(z.string(), z.number().int()).optional(),
  differenceCount: z.number().int().optional(),
  differences: z.array(rebuildDifference).optional(),
  waitedMs: z.number().optional(),
  error: z.string().optional(),
});
export type RebuildReport = z.infer<typeof rebuildReport>;
