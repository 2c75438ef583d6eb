import type { DirectoryState } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import { builtInTypes, type Extension, type ResourceTypes, typesWith } from '#libs/scim';

const TYPES_MAX = 10_000;
// What was read from the table and nothing else: a decision that is never committed must leave no trace here.
const read = new Map<string, { version: number; types: ResourceTypes }>();

/** What users and groups are in a directory at a version of its schema that has been committed; made once for each. */
export function typesAt(directory: string, version: number, extensions: readonly Extension[]): ResourceTypes {
  if (version === 0) return builtInTypes;
  const known = read.get(directory);
  if (known?.version === version) return known.types;
  const types = typesWith(extensions);
  if (read.size >= TYPES_MAX) read.clear();
  if (known === undefined || known.version < version) read.set(directory, { version, types });
  return types;
}

/** What was read may have been put right since. */
export const forgetTypes = (): void => read.clear();

/** The same for who knows of a version, of which this process may not have heard yet; undefined: of none. */
export async function typesSince(
  statements: Statements,
  directory: string,
  version: number | undefined,
): Promise<ResourceTypes> {
  if (version === undefined) return builtInTypes;
  const known = read.get(directory);
  if (known !== undefined && known.version >= version) return known.types;
  const state = await schemaOf(statements, directory);
  return typesAt(directory, state.version, state.extensions);
}

/** The extensions of a directory, and how often they have changed. */
export async function schemaOf(
  statements: Statements,
  directory: string,
): Promise<Pick<DirectoryState, 'version' | 'extensions'>> {
  const [row] = await statements.query<DirectoryState & Record<string, unknown>>(
    'schema_of',
    'select directory_id as id, version, extensions from directory_schema where directory_id = $1',
    [directory],
  );
  return row ?? { version: 0, extensions: [] };
}

/** The version of every directory's schema; directories without one are left out. */
export function schemaVersions(statements: Statements): Promise<{ id: string; version: number }[]> {
  return statements.query('schema_versions', 'select directory_id as id, version from directory_schema');
}

/** These schemas, locked against change until the transaction ends. */
export function lockSchemas(statements: Statements, directories: readonly string[]): Promise<DirectoryState[]> {
  return statements.query<DirectoryState & Record<string, unknown>>(
    'lock_schemas',
    `select directory_id as id, version, extensions from directory_schema
      where directory_id = any($1::uuid[]) order by directory_id for update`,
    [directories],
  );
}
