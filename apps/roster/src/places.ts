import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type EmbeddedPostgres, provision, startEmbeddedPostgres } from '#libs/postgres';

/** The services that keep something, each in a schema and with a role of its own. */
export const KEEPERS = ['directory', 'keys', 'notifier'] as const;
export type Keeper = (typeof KEEPERS)[number];

const DATABASE = 'roster';

/** The database of the one-process system: the server at `adminUrl` if given, else the embedded one in the data folder. */
export async function openPlaces(
  adminUrl: string | undefined,
  dataFolder: string,
): Promise<{ urls: Record<Keeper, string>; embedded: EmbeddedPostgres | undefined }> {
  const embedded =
    adminUrl === undefined ? await startEmbeddedPostgres({ dataFolder: join(dataFolder, 'postgres') }) : undefined;
  // Passwords live as long as this run: nobody else signs in with these roles.
  const places = KEEPERS.map((name) => ({ name, password: randomBytes(24).toString('hex') }));
  const url = adminUrl ?? embedded?.adminUrl;
  if (url === undefined) throw new Error('there is no database');
  const found = await provision(url, DATABASE, places);
  const of = (name: Keeper) => found.get(name) ?? '';
  return { urls: { directory: of('directory'), keys: of('keys'), notifier: of('notifier') }, embedded };
}
