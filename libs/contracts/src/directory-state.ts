import { z } from 'zod';
import type { Extension } from '#libs/scim';

/**
 * One entry of `directory.state`, by directory id: what a gateway has to know of a directory to read and write its resources.
 * A directory without an entry has nothing of its own. `version` counts the changes of its schema, from 1.
 */
export const directoryState = z.object({
  id: z.uuid(),
  version: z.number().int().min(1),
  extensions: z.custom<Extension[]>((value) => Array.isArray(value)),
});
export type DirectoryState = z.infer<typeof directoryState>;
