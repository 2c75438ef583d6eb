import { z } from 'zod';

/** Codes of a business "no", the same on every wire; each door translates them to its own protocol. */
export const refusalCode = z.enum(['not-found', 'already-exists', 'conflict', 'invalid']);
export type RefusalCode = z.infer<typeof refusalCode>;

/** A "no" as it travels in a reply. `scimType` is RFC 7644 table 9's word where it has one. */
export const refused = z.object({
  outcome: z.literal('refused'),
  code: refusalCode,
  scimType: z.string().optional(),
  text: z.string(),
});
export type Refused = z.infer<typeof refused>;

/** The service tried and could not: worth asking again. */
export const hindered = z.object({ outcome: z.literal('hindered'), text: z.string() });
export type Hindered = z.infer<typeof hindered>;
