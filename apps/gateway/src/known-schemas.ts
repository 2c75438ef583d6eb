import { Injectable, Logger } from '@nestjs/common';
import { directoryState, topics } from '#libs/contracts';
import { StateTable, type Subscription } from '#libs/messaging';
import { builtInTypes, type ResourceTypes, typesWith } from '#libs/scim';

/** What users and groups are in one directory. */
export interface KnownSchema {
  /** How often its own schema has changed; 0 for a directory without one. */
  version: number;
  types: ResourceTypes;
}

const BUILT_IN: KnownSchema = { version: 0, types: builtInTypes };

/** What directories have of their own, in memory, from `directory.state`: made once for each version, not for each request. */
@Injectable()
export class KnownSchemas {
  private readonly log = new Logger(KnownSchemas.name);
  private readonly schemas = new Map<string, KnownSchema>();
  private following: Subscription | undefined;

  constructor(private readonly table: StateTable) {}

  /** Resolves when all that was there has been read. */
  async start(): Promise<void> {
    const following = await this.table.follow(topics.directoryState.name, (id, value) => this.apply(id, value));
    this.following = following;
    await following.ready;
  }

  async stop(): Promise<void> {
    await this.following?.close();
  }

  of(directory: string): KnownSchema {
    return this.schemas.get(directory) ?? BUILT_IN;
  }

  private apply(id: string, value: string | null): void {
    if (value === null) {
      this.schemas.delete(id);
      return;
    }
    try {
      const { version, extensions } = directoryState.parse(JSON.parse(value));
      // The last word counts, whatever its version: a directory may have come back from a backup.
      this.schemas.set(id, { version, types: typesWith(extensions) });
    } catch (error) {
      this.log.error(`the state of directory ${id} cannot be read, so it stays as it was: ${String(error)}`);
    }
  }
}
