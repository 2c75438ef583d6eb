import type { Recorded } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import { type Attributes, type Extension, typesWith } from '#libs/scim';
import { type KnownDirectory, World } from '../engine/world.js';
import { rebuilt } from './read-model.tables.js';

const DIRECTORIES_MAX = 10_000;

interface EntityRow extends Record<string, unknown> {
  directory_id: string;
  id: string;
  version: number;
  created_at: Date;
  last_modified: Date;
  attributes: Attributes;
}

type DirectoryRow = Pick<KnownDirectory, 'id' | 'name' | 'partition' | 'sequence' | 'version'> & {
  created_at: Date;
  schema_version: number;
  extensions: Extension[] | null;
} & Record<string, unknown>;

/** What the rebuilt tables know: a world for each page of events, from a few reads. */
export class ShadowWorlds {
  private readonly directories = new Map<string, KnownDirectory>();

  constructor(private readonly statements: Statements) {}

  /** A world that knows what these events are about, as it was before them. */
  async before(events: readonly Recorded[]): Promise<World> {
    const world = new World();
    await this.learnDirectories(world, new Set(events.map(({ directory }) => directory)));
    for (const kind of ['user', 'group'] as const) {
      const of = new Map(
        events.flatMap(({ entityType, entityId, directory }) => (entityType === kind ? [[entityId, directory]] : [])),
      );
      // What begins with these events was not there before.
      for (const { event, entityId, directory } of events) {
        if (event.type !== 'UserCreated' && event.type !== 'GroupCreated') continue;
        world.learn({ of: kind, directory, id: entityId }, null);
        of.delete(entityId);
      }
      if (of.size > 0) await this.learnEntities(world, kind, of);
    }
    return world;
  }

  /** Keeps what the events have made of their directories for the pages to come. */
  keep(world: World, events: readonly Recorded[]): void {
    if (this.directories.size > DIRECTORIES_MAX) this.directories.clear();
    for (const { directory } of events) {
      const known = world.directory(directory);
      if (known !== null) this.directories.set(directory, known);
    }
  }

  forget(): void {
    this.directories.clear();
  }

  private async learnDirectories(world: World, ids: ReadonlySet<string>): Promise<void> {
    for (const id of ids) world.learn({ of: 'directory', id }, this.directories.get(id) ?? null);
    const unknown = [...ids].filter((id) => !this.directories.has(id));
    if (unknown.length === 0) return;
    const rows = await this.statements.query<DirectoryRow>(
      'rebuilt_directories',
      `select d.id, d.name, d.partition, d.sequence, d.version, d.created_at, coalesce(s.version, 0) as schema_version, s.extensions
         from ${rebuilt('directory')} d left join ${rebuilt('directory_schema')} s on s.directory_id = d.id
        where d.id = any($1::uuid[])`,
      [unknown],
    );
    for (const { created_at, schema_version, extensions, ...row } of rows) {
      const own = extensions ?? [];
      const schema = { schemaVersion: schema_version, extensions: own, types: typesWith(own) };
      world.learn({ of: 'directory', id: row.id }, { ...row, ...schema, created: created_at.toISOString() });
    }
  }

  private async learnEntities(world: World, kind: 'user' | 'group', of: ReadonlyMap<string, string>): Promise<void> {
    const rows = await this.statements.query<EntityRow>(
      `rebuilt_${kind}s`,
      `select r.directory_id, r.id, r.version, r.created_at, r.last_modified, r.attributes
         from unnest($1::uuid[], $2::uuid[]) as n(directory_id, id) join ${rebuilt(`${kind}s`)} r using (directory_id, id)`,
      [[...of.values()], [...of.keys()]],
    );
    for (const [id, directory] of of) world.learn({ of: kind, directory, id }, null);
    for (const { directory_id: directory, id, version, created_at, last_modified, attributes } of rows) {
      const times = { created: created_at.toISOString(), lastModified: last_modified.toISOString() };
      world.learn({ of: kind, directory, id }, { id, version, attributes, ...times });
    }
  }
}
